import { expect, test } from "vitest"
import { createRequestLog, type LogEntry, withoutSecrets } from "./request-log.ts"

const entry = (path: string): LogEntry => ({
  at: "2026-01-01T00:00:00.000Z",
  wire: "openai",
  path,
  stream: false,
  pictures: [],
  promptCharacters: 0,
  fault: "none",
  outcome: "answered",
  aborted: false,
  inputTokens: 0,
  outputTokens: 0,
  durationMs: 0,
  headers: {},
})

test("keeps the newest entries and drops the oldest", () => {
  const log = createRequestLog(3)
  for (const path of ["/1", "/2", "/3", "/4", "/5"]) log.add(entry(path))
  expect(log.entries().map(({ path }) => path)).toEqual(["/3", "/4", "/5"])
  log.clear()
  expect(log.entries()).toEqual([])
})

test("shows that a secret was sent, never the secret, wherever it was put", () => {
  const shown = withoutSecrets(
    { authorization: "Bearer other", "x-api-key": "s3cret", cookie: "a=b", "x-note": "my s3cret here", accept: "*/*" },
    "s3cret",
  )
  expect(shown).toEqual({
    authorization: "(hidden)",
    "x-api-key": "(hidden)",
    cookie: "(hidden)",
    "x-note": "(hidden)",
    accept: "*/*",
  })
})
