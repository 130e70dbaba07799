import { expect, test } from "vitest"
import { readDatabaseUrl } from "./connection-options.ts"

const read = (environment: Readonly<Record<string, string>>, option?: string): string =>
  readDatabaseUrl(option, { environment })

test("libpq's variables name the database, encryption included", () => {
  expect(read({ PGHOST: "db", PGUSER: "ann", PGPASSWORD: "p@ss", PGDATABASE: "shop", PGSSLMODE: "verify-full" })).toBe(
    "postgres://ann:p%40ss@db:5432/shop?sslmode=verify-full&uselibpqcompat=true",
  )
})

test.each([
  ["disable", "sslmode=disable&uselibpqcompat=true"],
  ["allow", "sslmode=disable&uselibpqcompat=true"],
  ["prefer", "sslmode=require&uselibpqcompat=true"],
  ["verify-ca", "sslmode=verify-ca&uselibpqcompat=true&sslrootcert=%2Fca.pem"],
])("PGSSLMODE=%s holds for an address that does not say", (mode, query) => {
  const environment = { PGSSLMODE: mode, PGSSLROOTCERT: "/ca.pem" }
  expect(read(environment, "postgres://db/shop")).toBe(`postgres://db/shop?${query}`)
  expect(read(environment, "postgres://db/shop?options=-c%20jit%3Doff")).toBe(
    `postgres://db/shop?options=-c%20jit%3Doff&${query}`,
  )
})

test("what the address says itself comes first, and an unknown mode is wrong usage", () => {
  expect(read({ PGSSLMODE: "require" }, "postgres://db/shop?sslmode=disable")).toBe(
    "postgres://db/shop?sslmode=disable",
  )
  expect(() => read({ PGSSLMODE: "yes" }, "postgres://db/shop")).toThrow("PGSSLMODE takes disable,")
})
