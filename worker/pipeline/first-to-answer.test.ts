import { describe, expect, test } from "vitest"
import type { AttemptFailure, CandidateRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { GatewayError } from "../errors.ts"
import { ProviderFailure } from "../providers/provider.ts"
import { firstToAnswer } from "./first-to-answer.ts"
import type { Answering, Routed } from "./stages.ts"

const candidate = (provider: string): CandidateRecord => ({
  provider,
  model: "m",
  selectionWeight: 1,
  planScore: 1,
  terms: { accuracy: 1, responseTime: 1, availability: 1, load: 1 },
  inFlight: 0,
  expectedMs: 1,
  standing: "ready",
  hedgeAfterMs: 1,
  note: "",
})
const ranked = [candidate("first"), candidate("second"), candidate("third")]
const question = { stream: true, maxWaitMs: 0 }
const routed = { ranked, question } as unknown as Routed
const answering = (provider: string): Answering => ({ question, candidate: candidate(provider) }) as Answering
const gateway = { ports: { now: () => 0, random: () => 0 } } as unknown as Gateway

const ask = (failures: Readonly<Record<string, Error>>) => {
  const asked: string[] = []
  const result = firstToAnswer(
    routed,
    async ({ provider }) => {
      asked.push(provider)
      const failure = failures[provider]
      if (failure !== undefined) throw failure
      return answering(provider)
    },
    gateway,
  )
  return { asked, result }
}
const failed = (kind: AttemptFailure, retryAfterMs?: number): ProviderFailure =>
  new ProviderFailure(kind, `it was ${kind}`, retryAfterMs === undefined ? {} : { retryAfterMs })

describe("a provider's fault moves on to the next candidate", () => {
  test.each<AttemptFailure>([
    ...(["rate_limited", "overloaded", "server_error", "unauthorized", "network"] as const),
    ...(["first_byte_timeout", "idle_timeout", "total_timeout", "garbage", "cut_off"] as const),
  ])("%s", async (kind) => {
    const { asked, result } = ask({ first: failed(kind) })
    expect((await result).candidate.provider).toBe("second")
    expect(asked).toEqual(["first", "second"])
  })
})

test("a caller's fault ends it at once: every provider would say the same", async () => {
  const { asked, result } = ask({ first: failed("caller_fault") })
  await expect(result).rejects.toMatchObject({ code: "provider_refused_request" })
  expect(asked).toEqual(["first"])
})

test("a client that left is asked for no further", async () => {
  const { asked, result } = ask({ first: failed("client_left") })
  await expect(result).rejects.toMatchObject({ code: "client_closed_request" })
  expect(asked).toEqual(["first"])
})

test("when all fail, the error names each one's reason and the earliest time to try again", async () => {
  const { result } = ask({
    first: failed("rate_limited", 40_000),
    second: failed("overloaded", 12_000),
    third: failed("rate_limited", 60_000),
  })
  await expect(result).rejects.toMatchObject({ code: "no_provider", status: 503, retryAfterS: 12 })
  await expect(result).rejects.toThrow(/first\/m: rate_limited .*second\/m: overloaded .*third\/m: rate_limited/)
})

test("when all were too slow, it is a timeout", async () => {
  const { result } = ask({
    first: failed("first_byte_timeout"),
    second: failed("total_timeout"),
    third: failed("idle_timeout"),
  })
  await expect(result).rejects.toMatchObject({ code: "timeout", status: 504 })
})

test("a picture that no candidate can be sent is the caller's to mend", async () => {
  const unfit = new GatewayError("image_not_processable", "Too big to shrink here.")
  const { asked, result } = ask({ first: unfit, second: unfit, third: unfit })
  await expect(result).rejects.toBe(unfit)
  expect(asked).toHaveLength(3)
})

test("an error of our own is final", async () => {
  const { asked, result } = ask({ first: new GatewayError("image_corrupt", "images[0] does not decode.") })
  await expect(result).rejects.toMatchObject({ code: "image_corrupt" })
  expect(asked).toEqual(["first"])
})
