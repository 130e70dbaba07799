import { readFile } from "node:fs/promises"
import { expect, test } from "vitest"
import { version } from "./version.ts"

test("is the package's version", async () => {
  const { version: stated } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string
  }
  expect(version).toBe(stated)
})
