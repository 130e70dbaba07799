/** Rows under their titles, in columns as wide as needed; what the terminal would obey is taken out. */
export const table = (titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  const cells = [titles, ...rows].map((row) => row.map((cell) => cell.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")))
  const widths = titles.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)))
  return cells.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  )
}
