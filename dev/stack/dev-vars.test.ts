import { expect, test } from "vitest"
import { parseDevVars, readDevVars } from "./dev-vars.ts"

test("reads names and values, with or without quotes, and leaves comments out", () => {
  const content = [
    "# my keys",
    "",
    "OPENAI_API_KEY=sk-a#b",
    "  export GOOGLE_API_KEY = g-1   # from the console",
    `VOLTGATE_KEYS='[{"tenant":"me"}]' # mine`,
    `DATABASE_URL="postgres://a:p#w$d@localhost/x y"`,
    "EMPTY= # nothing",
  ].join("\r\n")

  expect(parseDevVars(content)).toEqual({
    OPENAI_API_KEY: "sk-a#b",
    GOOGLE_API_KEY: "g-1",
    VOLTGATE_KEYS: `[{"tenant":"me"}]`,
    DATABASE_URL: "postgres://a:p#w$d@localhost/x y",
    EMPTY: "",
  })
})

test.each([
  ["a line without a value", "A=1\n\nsk-secret", "line 3: write NAME=value"],
  ["a name in small letters", "openai_api_key=sk-secret", "line 1: write NAME=value"],
  [
    "a quote that is not closed",
    'A=1\nOPENAI_API_KEY="sk-secret',
    "line 2: the quotes around the value of OPENAI_API_KEY",
  ],
  ["words after a closed quote", "A='sk-secret' and more", "line 1: the quotes around the value of A"],
])("names the line of %s, and never its content", (_, content, said) => {
  expect(() => parseDevVars(content)).toThrow(said)
  expect(() => parseDevVars(content)).not.toThrow(/sk-secret/)
})

test("a file that is not there holds no setting", () => {
  expect(readDevVars("no/such/file")).toEqual({})
})
