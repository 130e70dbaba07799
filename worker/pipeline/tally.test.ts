import { describe, expect, test } from "vitest"
import type { FinishReason } from "../../contract/analyze.ts"
import type { Answering, Question } from "./stages.ts"
import { isDecided, tally } from "./tally.ts"
import type { Vote } from "./tally.ts"

const vote = (provider: string, answer: string, finishReason: FinishReason = "stop"): Vote => ({
  answering: { candidate: { provider, model: "m" } } as unknown as Answering,
  answer,
  finishReason,
  usd: 0.01,
})
const asking = (votes: number): Pick<Question, "votes"> => ({ votes })
const chosenOf = (...votes: readonly Vote[]): string => tally(votes, asking(3)).chosen.answering.candidate.provider

describe("the answer that is taken", () => {
  test("is the one that most others agree with, however they word it", () => {
    expect(chosenOf(vote("a", "4"), vote("b", "16 A"), vote("c", "It is 16A."))).toBe("b")
  })

  test("is the best candidate's where all disagree, or all agree", () => {
    expect(chosenOf(vote("a", "1"), vote("b", "2"), vote("c", "3"))).toBe("a")
    expect(chosenOf(vote("a", "3"), vote("b", "3"), vote("c", "3"))).toBe("a")
  })

  test("is not a refusal or a torso, even where several refuse alike", () => {
    const refused = "I cannot help with that."
    expect(chosenOf(vote("a", refused, "refusal"), vote("b", refused, "refusal"), vote("c", "3"))).toBe("c")
    expect(chosenOf(vote("a", "The br", "length"), vote("b", "3"))).toBe("b")
    expect(chosenOf(vote("a", refused, "refusal"), vote("b", refused, "refusal"))).toBe("a")
  })
})

test("the record says who agrees, and what the others say instead", () => {
  const json = (count: number) => JSON.stringify({ count, items: ["left", "right"] })
  const { record } = tally([vote("a", json(2)), vote("b", json(3)), vote("c", json(2))], asking(3))
  expect(record).toEqual({
    asked: 3,
    agreeing: 2,
    agreed: true,
    votes: [
      { provider: "a", model: "m", agrees: true },
      { provider: "b", model: "m", agrees: false, differences: ["count: 3, not 2"] },
      { provider: "c", model: "m", agrees: true },
    ],
  })
})

test("a long answer is not repeated whole, and many differences are counted", () => {
  const { record } = tally([vote("a", "yes"), vote("b", `no ${"x".repeat(5_000)}`)], asking(2))
  expect(record.votes[1]?.differences?.[0]?.length).toBeLessThanOrEqual(300)
  const many = (from: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`f${n}`, n + from])))
  const { record: fields } = tally([vote("a", many(0)), vote("b", many(1))], asking(2))
  expect(fields.votes[1]?.differences).toHaveLength(9)
  expect(fields.votes[1]?.differences?.at(-1)).toBe("and 32 more")
})

test.each([
  [2, 3, true],
  [1, 3, false],
  [2, 4, false],
  [3, 4, true],
  [2, 2, true],
  [3, 5, true],
])("%i that agree of %i asked decide: %s", (agreeing, asked, decided) => {
  const votes = Array.from({ length: agreeing }, (_, index) => vote(`p${index}`, "16 A"))
  expect(isDecided(votes, asking(asked))).toBe(decided)
  expect(tally(votes, asking(asked)).record.agreed).toBe(decided)
})

test("fewer answers than were asked for are no agreement by themselves", () => {
  expect(tally([vote("a", "3")], asking(2)).record).toMatchObject({ asked: 2, agreeing: 1, agreed: false })
})
