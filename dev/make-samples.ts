// Makes the sample pictures in dev/samples/ and their facts:
//
//   npm run samples               draws them anew
//   npm run samples -- --check    draws them in memory and fails where what is checked in is something else
import { readFile, writeFile } from "node:fs/promises"
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { differenceBetween } from "./samples-source/compare-pictures.ts"
import { pictures, type Picture } from "./samples-source/pictures.ts"
import { decode } from "./samples-source/raster.ts"
import { factsAsJson, sampleNames, type Facts, type SampleName } from "./samples-source/sample-facts.ts"

export type Gallery = Readonly<Record<SampleName, Picture>>

const folder = fileURLToPath(new URL("samples/", import.meta.url))
const factsFile = "facts.json"

/** Draws every sample and encodes it; the same each time, on any machine, with or without fonts. */
export const makeSamples = async (): Promise<Gallery> => ({
  "wiring-diagram.png": await pictures["wiring-diagram.png"](),
  "panel-schedule.png": await pictures["panel-schedule.png"](),
  "cabinet-photo.jpg": await pictures["cabinet-photo.jpg"](),
  "scanned-page.jpg": await pictures["scanned-page.jpg"](),
  "nameplate.webp": await pictures["nameplate.webp"](),
})

const factsOf = (gallery: Gallery): Facts => ({
  "wiring-diagram.png": gallery["wiring-diagram.png"].facts,
  "panel-schedule.png": gallery["panel-schedule.png"].facts,
  "cabinet-photo.jpg": gallery["cabinet-photo.jpg"].facts,
  "scanned-page.jpg": gallery["scanned-page.jpg"].facts,
  "nameplate.webp": gallery["nameplate.webp"].facts,
})

/** Reads a file of `dev/samples/`; rejects where there is none. */
export type ReadSampleFile = (name: string) => Promise<Uint8Array>

const readSampleFile: ReadSampleFile = (name) => readFile(resolve(folder, name))

const firstDifferentLine = (one: string, other: string): number => {
  const lines = other.split("\n")
  return one.split("\n").findIndex((line, index) => line !== lines[index]) + 1 || lines.length
}

const pictureProblem = async (name: SampleName, made: Picture, read: ReadSampleFile): Promise<string | undefined> => {
  let checkedIn
  try {
    checkedIn = await decode(await read(name))
  } catch (error) {
    return `dev/samples/${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
  const difference = differenceBetween(checkedIn, await decode(made.bytes))
  return difference === undefined ? undefined : `dev/samples/${name} ${difference}.`
}

const factsProblem = async (gallery: Gallery, read: ReadSampleFile): Promise<string | undefined> => {
  const expected = factsAsJson(factsOf(gallery))
  let checkedIn: string
  try {
    checkedIn = new TextDecoder().decode(await read(factsFile))
  } catch (error) {
    return `dev/samples/${factsFile} cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
  if (checkedIn === expected) return undefined
  return `dev/samples/${factsFile} says something else from line ${firstDifferentLine(checkedIn, expected)} on.`
}

/** What is checked in and not what the source draws, a sentence each; empty where all agree. */
export const checkSamples = async (
  gallery: Gallery,
  read: ReadSampleFile = readSampleFile,
): Promise<readonly string[]> => {
  const problems: (string | undefined)[] = []
  for (const name of sampleNames) problems.push(await pictureProblem(name, gallery[name], read))
  problems.push(await factsProblem(gallery, read))
  return problems.filter((problem) => problem !== undefined)
}

const writeSamples = async (gallery: Gallery): Promise<void> => {
  for (const name of sampleNames) {
    await writeFile(resolve(folder, name), gallery[name].bytes)
    process.stdout.write(`${name.padEnd(20)} ${Math.ceil(gallery[name].bytes.length / 1024)} KiB\n`)
  }
  await writeFile(resolve(folder, factsFile), factsAsJson(factsOf(gallery)))
}

const main = async (args: readonly string[]): Promise<number> => {
  const unknown = args.find((arg) => arg !== "--check")
  if (unknown !== undefined) {
    process.stderr.write(`Unknown argument ${unknown}. Usage: npm run samples [-- --check]\n`)
    return 2
  }
  const gallery = await makeSamples()
  if (!args.includes("--check")) {
    await writeSamples(gallery)
    return 0
  }
  const problems = await checkSamples(gallery)
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.stdout.write(problems.length === 0 ? "The samples are what their source draws.\n" : "")
  if (problems.length > 0) process.stderr.write("Run `npm run samples`, look at the pictures, and check them in.\n")
  return problems.length === 0 ? 0 : 1
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2))
}
