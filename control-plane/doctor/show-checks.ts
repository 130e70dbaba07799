import { styleText } from "node:util"
import type { Host } from "../command.ts"
import type { CheckState } from "./check.ts"
import type { Diagnosis } from "./diagnose.ts"

const looks: Readonly<
  Record<CheckState, { readonly symbol: string; readonly color: "green" | "yellow" | "red" | "gray" }>
> = {
  ok: { symbol: "✓", color: "green" },
  warning: { symbol: "!", color: "yellow" },
  failed: { symbol: "✗", color: "red" },
  skipped: { symbol: "–", color: "gray" },
}

const narrowestColumns = 20

/** The checks as a table: symbol, name, sentence, and beneath it the cure; then what it comes to. */
export const showChecks = (
  { checks }: Diagnosis,
  { colors, widthColumns }: Pick<Host, "colors" | "widthColumns">,
): string => {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length))
  const indent = " ".repeat(nameWidth + 4)
  const textWidth = widthColumns === undefined ? Infinity : Math.max(narrowestColumns, widthColumns - indent.length)
  const rows = checks.flatMap(({ name, state, message, cure }) => {
    const { symbol, color } = looks[state]
    const shown = colors ? styleText(color, symbol, { validateStream: false }) : symbol
    const [first = "", ...more] = [
      ...wrap(message, textWidth),
      ...(cure === undefined ? [] : wrap(`→ ${cure}`, textWidth)),
    ]
    return [`${shown} ${name.padEnd(nameWidth)}  ${first}`, ...more.map((line) => `${indent}${line}`)]
  })
  return [...rows, "", summarize(checks.map(({ state }) => state))].join("\n")
}

/** Lines of at most that many characters, broken between words; a longer word stays whole, so that it can be copied. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  let line = ""
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`
    if (line !== "" && longer.length > width) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line]
}

const summarize = (states: readonly CheckState[]): string => {
  const count = (wanted: CheckState): number => states.filter((state) => state === wanted).length
  const [failures, warnings] = [count("failed"), count("warning")]
  const told = [
    `${count("ok")} in order`,
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`]),
    `${failures === 0 ? "no" : failures} ${failures > 1 ? "failures" : "failure"}`,
  ]
  return `${told.join(", ")}.`
}
