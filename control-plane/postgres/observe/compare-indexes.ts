import type { IndexHealth } from "./read-indexes.ts"

/** Finds every statement the same rows in the same order, as the other one does: no matter that one of them is unique. */
export const isTwin = (one: IndexHealth, other: IndexHealth): boolean =>
  mayReplace(one, other) && isSame(one.keys, other.keys) && isSame(included(one), included(other))

/**
 * What the one is asked for, the other answers as well: a B-tree whose first keys are all keys of the one, and that holds what
 * the one carries along. Twins are not meant.
 */
export const isCovered = (one: IndexHealth, other: IndexHealth): boolean =>
  mayReplace(one, other) &&
  one.method === "btree" &&
  isSame(one.keys, other.keys.slice(0, one.keys.length)) &&
  included(one).every((column) => other.columns.includes(column)) &&
  !isTwin(one, other)

const mayReplace = (one: IndexHealth, other: IndexHealth): boolean =>
  one.oid !== other.oid &&
  one.schema === other.schema &&
  one.table === other.table &&
  one.method === other.method &&
  one.predicate === other.predicate &&
  one.isValid &&
  other.isValid

const included = ({ keys, columns }: IndexHealth): readonly string[] => columns.slice(keys.length).toSorted()

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, at) => each === other[at])
