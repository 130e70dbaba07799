// What reading a picture's header costs, whatever was done to the file.
//
// Not to be fooled: the damaged files are small, so their time is one thing; the time of the worst files is another: 20 MB
// of nothing but the smallest blocks of each format, made to keep a parser busy.
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { mutated, originalPictures } from "../../worker/images/mutated-pictures.suite.ts"
import { parseHeader } from "../../worker/images/parse-header.ts"
import { gifs, isobmff, png, seeded, webp } from "../../worker/images/tiny-images.suite.ts"
import type { Bench } from "../bench.ts"
import { conditionsNow, formatRows, row } from "../report.ts"

const inputs = 10_000
const largestBytes = 20_000_000

/** The beginning of a file, and the byte that fills the rest. */
const worst: Readonly<Record<string, readonly [head: Uint8Array, filler: number]>> = {
  "JPEG of fill bytes": [Uint8Array.from([0xff, 0xd8, 0xff]), 0xff],
  "PNG of empty chunks": [png().slice(0, 33), 0],
  "GIF of blocks of one byte": [gifs.still.slice(0, 31), 1],
  "AVIF of empty boxes": [isobmff().slice(0, 24), 0],
  "WebP of empty chunks": [webp.extended.slice(0, 30), 0],
}

export const headerParser: Bench = {
  name: "header-parser",
  about: "what reading a picture's header costs, damaged and hostile files included",
  seconds: 5,
  quickSeconds: 1,
  run: async ({ seconds, onProgress }) => {
    onProgress(`${inputs} damaged files`)
    const originals = await originalPictures()
    const random = seeded(1)
    const damaged = Array.from({ length: inputs }, (_, i) => mutated(originals[i % originals.length] ?? png(), random))
    const parseAll = (): void => {
      for (const bytes of damaged) parseHeader(bytes)
    }
    parseAll()
    const collect = collector()
    const before = collect()
    const startedAt = performance.now()
    let rounds = 0
    for (; performance.now() - startedAt < seconds * 500; rounds++) parseAll()
    const meanUs = ((performance.now() - startedAt) * 1000) / (rounds * inputs)
    const grownMb = Math.max(0, collect() - before) / 1_000_000
    const rows = [
      row("a damaged file, mean", meanUs, "µs", { target: 1_000 }),
      row(`heap grown by ${inputs} damaged files`, grownMb, "MB", { target: 1 }),
      ...Object.entries(worst).map(([name, [head, filler]]) => {
        onProgress(`20 MB: ${name}`)
        return row(`20 MB: ${name}`, medianUs(worstFile(head, filler)), "µs", { target: 1_000 })
      }),
    ]
    return { report: { bench: "header-parser", conditions: conditionsNow(), rows }, text: formatRows(rows) }
  },
}

const worstFile = (head: Uint8Array, filler: number): Uint8Array => {
  const bytes = new Uint8Array(largestBytes).fill(filler)
  bytes.set(head)
  // A WebP has to state its length truly to get any further.
  if (head[0] === 0x52) new DataView(bytes.buffer).setUint32(4, largestBytes - 8, true)
  return bytes
}

const medianUs = (bytes: Uint8Array): number => {
  const times = Array.from({ length: 31 }, () => {
    const startedAt = performance.now()
    parseHeader(bytes)
    return (performance.now() - startedAt) * 1000
  })
  return times.toSorted((a, b) => a - b)[15] ?? 0
}

/** Gives the heap's size after everything that can go has gone. */
const collector = (): (() => number) => {
  setFlagsFromString("--expose-gc")
  const collect: unknown = runInNewContext("gc")
  return () => {
    if (typeof collect === "function") collect()
    return process.memoryUsage().heapUsed
  }
}
