import { asSharp } from "../../dev/samples-source/raster.ts"
import type { Raster } from "../../dev/samples-source/raster.ts"
import { readFingerprint } from "../../worker/images/identity/fingerprint.ts"
import type { Fingerprint } from "../../worker/images/identity/fingerprint.ts"
import { packGrey, unpackGrey } from "../../worker/images/identity/packed-grey.ts"
import { receiveImage } from "../../worker/images/limits.ts"
import { createSharpReader } from "../../worker/runtime/deno/sharp-reader.ts"
import type { Kept } from "./judge-pair.ts"

const reader = createSharpReader()

/** Of a file, by the way that the gateway takes. */
export const ofBytes = async (bytes: Uint8Array): Promise<Fingerprint> => {
  const fingerprint = await readFingerprint(receiveImage(0, new Uint8Array(bytes)), reader)
  if (fingerprint === undefined) throw new Error("A picture of the bench cannot be read.")
  return fingerprint
}

/** Of a drawing, as a file that loses nothing. */
export const ofRaster = async (raster: Raster): Promise<Fingerprint> =>
  ofBytes(await asSharp(raster).flatten({ background: "#fff" }).png({ compressionLevel: 1 }).toBuffer())

/** Through the form in which the index keeps it, which loses a little. */
export const keep = async (fingerprint: Fingerprint): Promise<Kept> => {
  const grey = await unpackGrey(await packGrey(fingerprint.grey))
  if (grey === undefined) throw new Error("A packed picture does not unpack.")
  return { fingerprint, grey }
}
