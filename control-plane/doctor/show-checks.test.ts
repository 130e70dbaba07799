import { expect, test } from "vitest"
import { voltgate } from "../testing.ts"
import { failed, ok, skipped, warning } from "./check.ts"
import { showChecks, wrap } from "./show-checks.ts"
import { nobodyUrl } from "./testing.ts"

const diagnosis = {
  checks: [
    ok("Node", "This is Node 24."),
    warning("Redis memory", "It has no limit.", "Set one."),
    failed("Key", "It is unknown.", "Make one."),
    skipped("Postgres", "Not looked at."),
  ],
  ok: false,
}

test("checks stand in columns, each cure beneath its sentence, the sum at the end", () => {
  expect(showChecks(diagnosis, { colors: false })).toBe(`✓ Node          This is Node 24.
! Redis memory  It has no limit.
                → Set one.
✗ Key           It is unknown.
                → Make one.
– Postgres      Not looked at.

1 in order, 1 warning, 1 failure.`)
})

test("colors change nothing but the look", () => {
  const colored = showChecks(diagnosis, { colors: true })
  expect(colored).toContain("\u001B[31m✗\u001B[39m Key")
  // oxlint-disable-next-line eslint/no-control-regex
  expect(colored.replace(/\u001B\[\d+m/g, "")).toBe(showChecks(diagnosis, { colors: false }))
})

test("a narrow terminal breaks sentences between words, within their column", () => {
  const lines = showChecks(diagnosis, { colors: false, widthColumns: 30 }).split("\n")
  expect(lines[0]).toBe("✓ Node          This is Node 24.")
  expect(wrap("It has no limit at all.", 10)).toEqual(["It has no", "limit at", "all."])
  expect(wrap("See https://gate.example/v1 first", 10)).toEqual(["See", "https://gate.example/v1", "first"])
})

test("into a pipe there are no colors, whatever FORCE_COLOR says", async () => {
  const { stdout } = await voltgate(["doctor", "--url", nobodyUrl], { FORCE_COLOR: "1" })
  expect(stdout).toContain("✗ Gateway")
  expect(stdout).not.toContain("\u001B")
})
