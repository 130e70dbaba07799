import type { Column } from "../observe/read-tables.ts"

/** A column of texts, all different, unless told otherwise. */
export const columnOf = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: "text",
  category: "S",
  averageWidthBytes: 8,
  distinct: -1,
  nullShare: 0,
  correlation: 0,
  samples: [],
  shares: [],
  ...more,
})
