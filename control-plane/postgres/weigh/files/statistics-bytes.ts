/** How many different combinations of columns there are, or how far columns determine the last one of them. */
export interface ColumnsFigure {
  /** Numbers of the columns in their table. */
  readonly columns: readonly number[]
  readonly value: number
}

const version = 1

/** `pg_ndistinct` as it is stored: `statext_ndistinct_serialize`, src/backend/statistics/mvdistinct.c. */
export const distinctBytes = (figures: readonly ColumnsFigure[]): Buffer =>
  Buffer.concat([
    head(0xa352bfa4, figures.length),
    ...figures.flatMap(({ columns, value }) => [float8(value), uint32(columns.length), ...columns.map(int16)]),
  ])

/** `pg_dependencies` as it is stored: `statext_dependencies_serialize`, src/backend/statistics/dependencies.c. */
export const dependenciesBytes = (figures: readonly ColumnsFigure[]): Buffer =>
  Buffer.concat([
    head(0xb4549a2c, figures.length),
    ...figures.flatMap(({ columns, value }) => [float8(value), int16(columns.length), ...columns.map(int16)]),
  ])

const head = (magic: number, count: number): Buffer => Buffer.concat([magic, version, count].map(uint32))

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16LE(value)
  return bytes
}

const float8 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}
