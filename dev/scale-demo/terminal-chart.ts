const bars = "▁▂▃▄▅▆▇█"

/** Rows of blocks, one column a value, as high as `height` lines. */
export const terminalChart = (title: string, values: readonly number[], height: number): string => {
  const top = Math.max(...values, 1e-9)
  const lines = Array.from({ length: height }, (_, row) => {
    const floor = height - 1 - row
    const cells = values.map((value) => {
      const filled = (value / top) * height - floor
      return filled <= 0 ? " " : (bars[Math.min(bars.length, Math.max(1, Math.ceil(filled * bars.length))) - 1] ?? "█")
    })
    const label = row === 0 ? Number(top.toPrecision(3)).toString() : row === height - 1 ? "0" : ""
    return `${label.padStart(6)} ${cells.join("")}`
  })
  return [title, ...lines].join("\n")
}

/** As many values as columns: the greatest of each stretch. */
export const columns = (values: readonly number[], count: number): readonly number[] => {
  if (values.length <= count) return values
  return Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * values.length) / count)
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / count))
    return Math.max(...values.slice(from, to))
  })
}
