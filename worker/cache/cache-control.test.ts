import { expect, test } from "vitest"
import { readCacheControl } from "./cache-control.ts"

test.each([
  [null, { read: true, write: true }],
  ["no-store", { read: false, write: false }],
  ["No-Cache", { read: false, write: true }],
  ["max-age=60", { read: true, write: true, maxAgeS: 60 }],
  ['private, max-age="5", no-transform', { read: true, write: true, maxAgeS: 5 }],
  ["max-age=soon", { read: true, write: true }],
  ["no-store, max-age=60", { read: false, write: false }],
])("cache-control: %s", (header, expected) => {
  expect(readCacheControl(header)).toEqual(expected)
})
