import { expect, test } from "vitest"
import { maskError } from "./mask-error.ts"
import { reasonsOf, runSettled, runTogether } from "./run-settled.ts"

const statement = (subject: string) => ({ subject, sql: subject })

test("statements that need each other run in an order that works, whatever order they came in", async () => {
  const made: string[] = []
  const needs: Readonly<Record<string, string>> = { view: "table", table: "type" }
  const query = async (sql: string) => {
    const needed = needs[sql]
    if (needed !== undefined && !made.includes(needed)) throw new Error(`${needed} is missing`)
    made.push(sql)
    return []
  }
  expect((await runSettled({ query }, ["view", "table", "type"].map(statement))).size).toBe(0)
  expect(made).toEqual(["type", "table", "view"])
})

test("what never works is given with its reason, after every other has run", async () => {
  const query = async (sql: string) => {
    if (sql === "broken") throw Object.assign(new Error('invalid input: "a user\'s value"'), { code: "22P02" })
    return []
  }
  const failed = reasonsOf(await runSettled({ query }, ["broken", "fine"].map(statement)))
  expect([...failed]).toEqual([["broken", "invalid input: '…'"]])
})

test("what hardly ever fails runs in one go", async () => {
  const sent: string[] = []
  const query = async (sql: string) => {
    sent.push(sql)
    return []
  }
  expect((await runTogether({ query }, ["one", "two"].map(statement))).size).toBe(0)
  expect(sent).toEqual([expect.stringMatching(/^DO [^]*one[^]*two/)])
})

test("and one by one when something in it fails, so that the others are there", async () => {
  const made: string[] = []
  const query = async (sql: string) => {
    if (/^DO|broken/.test(sql)) throw new Error("no")
    made.push(sql)
    return []
  }
  const failed = await runTogether({ query }, ["one", "broken", "two"].map(statement))
  expect([made, [...failed.keys()].map(({ subject }) => subject)]).toEqual([["one", "two"], ["broken"]])
})

test("names of what is missing stay readable in an error, values do not", () => {
  const error = (message: string, code: string) => maskError(Object.assign(new Error(message), { code }))
  expect(error('column "colour" does not exist', "42703").message).toBe('column "colour" does not exist')
  expect(error('syntax error at or near "secret"', "42601")).toMatchObject({
    message: "syntax error at or near '…'",
    code: "42601",
  })
})
