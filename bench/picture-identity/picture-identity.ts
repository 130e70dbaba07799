// What counts as the same picture: re-encodes must, edits must not.
//
// Not to be fooled: an edit is the smallest of its kind (a digit becomes the one that looks most like it); edits that
// change no pixel are left out; and the kept side has gone through the form in which the index stores it, once from a
// lossless upload and once from a JPEG.
import type { Bench } from "../bench.ts"
import { conditionsNow, formatRows } from "../report.ts"
import { judgePictures } from "./judge-pictures.ts"
import { summarize } from "./summarize.ts"

const wholeSeconds = 60

export const pictureIdentity: Bench = {
  name: "picture-identity",
  about: "which changed pictures count as the same: re-encodes, edits, resizes",
  seconds: wholeSeconds,
  quickSeconds: 3,
  run: async ({ seconds, onProgress }) => {
    const rows = summarize(await judgePictures(Math.min(1, seconds / wholeSeconds), onProgress))
    return { report: { bench: "picture-identity", conditions: conditionsNow(), rows }, text: formatRows(rows) }
  },
}
