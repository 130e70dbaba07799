import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { dataFiles, readLabelledData, withoutLabelErrors } from "./labelled-pairs.ts"

let folder = ""
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-pairs-"))
})
afterEach(() => rm(folder, { recursive: true }))

test("reads the files that are there, with and without cosines", async () => {
  await writeFile(join(folder, dataFiles.traps), '{"a":"x","b":"y","same":false,"cosine":null}\n\n')
  await writeFile(join(folder, dataFiles.recorded), '{"a":"x","b":"z","same":true,"cosine":0.5,"set":"s"}\n')
  expect(await readLabelledData(folder)).toEqual({
    traps: [{ a: "x", b: "y", same: false }],
    recorded: [{ a: "x", b: "z", same: true, cosine: 0.5 }],
  })
})

test("says which line of which file is wrong", async () => {
  await writeFile(join(folder, dataFiles.calibration), '{"a":"x","b":"y","same":true}\n{"a":"x"}\n')
  await expect(readLabelledData(folder)).rejects.toThrow(`${dataFiles.calibration}, line 2: `)
})

test("leaves out pairs of the very same words that are labelled different, and no others", () => {
  const pairs = [
    { a: "What is it?", b: "what is it", same: false },
    { a: "What is it?", b: "what is it", same: true },
    { a: "What is it?", b: "what is this", same: false },
  ]
  expect(withoutLabelErrors(pairs)).toEqual(pairs.slice(1))
})
