import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { hostOf } from "../../testing.ts"
import { readTrace } from "./read-trace.ts"
import { sparkline } from "./show-scores.ts"
import { simulateCommand } from "./simulate-command.ts"
import { requestsOf } from "./trace.ts"

const folder = mkdtempSync(join(tmpdir(), "voltgate-simulate-"))
afterAll(() => rmSync(folder, { recursive: true }))
const fileOf = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
const load = fileOf("load.csv", "time_s,rate\n0,4\n1800,12\n3600,4\n")

test("compares a budget with what it is told to, in a table with the courses beneath", async () => {
  const { text, exitCode } = await simulateCommand(["--trace", load, "--against", "hpa:55,kpa"], hostOf())
  expect(exitCode).toBe(0)
  expect(text).toMatch(/^load\.csv: 2\d,\d{3} requests of 3 s, 4 at once/)
  expect(text).toMatch(/late\s+replica-hours\s+changes\s+flaps\s+cut off/)
  for (const name of ["budget", "hpa 55 %", "kpa"]) expect(text).toMatch(new RegExp(`^${name}\\s+\\d+\\.\\d\\d %`, "m"))
  expect(text).toMatch(/^requests .*[▁▂▃▄▅▆▇█]{40,}/m)
})

test("tries the policies of a file, as JSON and as a page", async () => {
  const page = join(folder, "page.html")
  const { text } = await simulateCommand(
    ["--trace", load, "--policy", "examples/policies.yaml", "--against", "step", "--json", "--html", page],
    hostOf(),
  )
  const parsed: unknown = JSON.parse(text)
  expect(parsed).toMatchObject({
    trace: "load.csv",
    results: [{ name: "api-gateway" }, { name: "llm-orchestrator" }, { name: "file-processor" }, { name: "step" }],
  })
  expect(text).not.toContain("course")
  const html = readFileSync(page, "utf8")
  expect(html.match(/<svg/g)).toHaveLength(3)
  expect(html).not.toMatch(/<script|https?:\/\//)
})

test.each([
  [[], "Name the load"],
  [["--trace", "nowhere.csv"], "there is no such file"],
  [["--trace", load, "--against", "vpa"], "--against takes hpa, step"],
  [["--trace", load, "--against", "hpa:0"], "--against takes hpa, step"],
  [["--trace", load, "--slots", "0"], "--slots takes a whole number"],
  [["--trace", load, "--service", "3"], "--service takes a time"],
  [["--trace", fileOf("flood.csv", "0,90000\n86400,90000\n")], "more than 20 million requests"],
])("%j is wrong usage, and says how it is right", async (args, said) => {
  await expect(simulateCommand(args, hostOf())).rejects.toThrow(said)
})

test("a trace goes straight from line to line", () => {
  const trace = readTrace("t", "0,0\r\n900,30\r\n1800,30\r\n")
  if ("problem" in trace) throw new Error(trace.problem)
  expect(requestsOf(trace)).toBeCloseTo(13_500 + 27_000, 6)
  expect(trace.rates[0]).toBeCloseTo(0.25, 6)
})

test.each([
  ["0,1\n0,2\n900,1", "line 2: the times must grow"],
  ["0,1\n600,-2", "line 2: write time_s,rate"],
  ["0,1\n600,NaN", "line 2: write time_s,rate"],
  ["0,1\n600,", "line 2: write time_s,rate"],
  ["0,1,2\n600,1", "line 1: write time_s,rate"],
  ["time_s,rate\n", "ten minutes or more"],
  ["", "ten minutes or more"],
  ["0,1\n9999999,1", "longer than eight days"],
])("%j is no trace", (csv, said) => {
  expect(readTrace("t", csv)).toMatchObject({ problem: expect.stringContaining(said) as string })
})

test("a sparkline keeps the greatest of each stretch", () => {
  expect(sparkline([0, 0, 8, 0, 4, 4], 3)).toBe("▁█▄")
  expect(sparkline([], 10)).toBe("")
})
