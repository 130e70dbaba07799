import { cpus } from "node:os"
import { findWorkerd } from "./workerd-package.ts"

/** One figure. Where it has a target, it is met at or below it, or at or above it where `atLeast` says so. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What a known gateway of the same kind took, measured in the same way on the same kind of machine. */
  readonly anchor: number | null
  readonly target: number | null
  readonly met: boolean | null
  /** The target is a floor. */
  readonly atLeast?: true
}

/** What the figures were measured on; without it they say nothing. */
export interface Conditions {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  readonly workerd: string
  /** ISO 8601. */
  readonly date: string
}

export interface Report {
  readonly bench: string
  readonly conditions: Conditions
  readonly rows: readonly Row[]
}

export interface Bounds {
  readonly anchor?: number
  readonly target?: number
  /** In place of a target: a floor. */
  readonly atLeast?: number
}

export const row = (name: string, value: number, unit: string, { anchor, target, atLeast }: Bounds = {}): Row => ({
  name,
  value,
  unit,
  anchor: anchor ?? null,
  target: target ?? atLeast ?? null,
  met: target !== undefined ? value <= target : atLeast !== undefined ? value >= atLeast : null,
  ...(atLeast === undefined ? {} : { atLeast: true }),
})

export const conditionsNow = (): Conditions => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  node: process.versions.node,
  workerd: findWorkerd().version,
  date: new Date().toISOString(),
})

/** A table for people; the first column is text, the others are numbers. */
export const formatTable = (header: readonly string[], lines: readonly (readonly string[])[]): string => {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  )
  const format = (line: readonly string[]): string =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
  return [format(header), widths.map((width) => "─".repeat(width)).join("  "), ...lines.map(format)].join("\n")
}

export const formatRows = (rows: readonly Row[]): string =>
  formatTable(
    ["", "value", "unit", "anchor", "target", "met"],
    rows.map(({ name, value, unit, anchor, target, met, atLeast }) => [
      name,
      formatNumber(value),
      unit,
      anchor === null ? "" : formatNumber(anchor),
      target === null ? "" : `${atLeast === true ? "≥" : "≤"} ${formatNumber(target)}`,
      met === null ? "" : met ? "yes" : "NO",
    ]),
  )

/** Three significant digits; thousands in full. */
export const formatNumber = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)))

export const formatConditions = ({ cpu, cores, node, workerd, date }: Conditions): string =>
  `${cores} × ${cpu}, Node ${node}, workerd ${workerd}, ${date}`
