/** Reads an array of numbers as Postgres writes it, e.g. `{0.5,0.25}`; nothing for none. */
export const readNumbers = (array: string | null | undefined): readonly number[] =>
  (array ?? "{}").slice(1, -1).split(",").filter(Boolean).map(Number)
