import { readFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import * as v from "valibot"
import { Facts, type SampleName } from "./samples-source/sample-facts.ts"

export { sampleNames } from "./samples-source/sample-facts.ts"
export type { Facts, Label, SampleName } from "./samples-source/sample-facts.ts"

const folder = new URL("samples/", import.meta.url)

/** What is true of each sample picture, from `dev/samples/facts.json`. */
export const facts: Facts = v.parse(Facts, JSON.parse(readFileSync(new URL("facts.json", folder), "utf8")))

/** The bytes of a sample picture. */
export const sample = async (name: SampleName): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(new URL(name, folder)))
