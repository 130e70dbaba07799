import type { CandidateRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { costUsd, findModel } from "../providers/models.ts"
import { byProviderInTurn } from "../routing/by-provider-in-turn.ts"
import { readAll, replay } from "./call-provider.ts"
import { isDecided, tally } from "./tally.ts"
import type { Vote } from "./tally.ts"
import type { Answering, Chosen, Routed } from "./stages.ts"
import { inRounds } from "./try-candidates.ts"
import type { Ask } from "./try-candidates.ts"
import type { Attempt, Trying } from "./trying.ts"

/**
 * The mode `consensus`: asks the best few at once, and gives the answer that most of them agree on. One that fails is
 * replaced by the next. When those that are still silent cannot change the outcome, they get as long again as the others
 * took, because what they disagree on belongs to the answer, and are stopped then; one that has begun is heard out.
 */
export const consensus = (routed: Routed, ask: Ask, gateway: Pick<Gateway, "ports">): Promise<Chosen> =>
  inRounds(
    routed,
    async (queue, trying) => {
      const votes = await collectVotes(byProviderInTurn(queue), trying, routed, ask, gateway)
      return votes.length === 0 ? undefined : choose(votes, trying, routed)
    },
    gateway,
  )

const leastGraceMs = 500

const collectVotes = async (
  queue: CandidateRecord[],
  trying: Trying,
  { question }: Routed,
  ask: Ask,
  { ports }: Pick<Gateway, "ports">,
): Promise<readonly Vote[]> => {
  const startedAt = ports.now()
  const votes: Vote[] = []
  let grace: ReturnType<typeof setTimeout> | undefined
  const silent = new Set<Attempt>()
  const speaking = new Set<Attempt>()
  const drop = (attempts: Set<Attempt>): void => {
    for (const attempt of attempts) attempt.drop()
    attempts.clear()
    queue.length = 0
  }
  const fillSeat = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const attempt = trying.start(next)
      silent.add(attempt)
      try {
        const answering = await ask(next, attempt)
        speaking.add(attempt)
        silent.delete(attempt)
        votes.push(await toVote(answering))
        if (isDecided(votes, question)) {
          queue.length = 0
          grace ??= setTimeout(() => drop(silent), Math.max(leastGraceMs, ports.now() - startedAt))
        }
        return
      } catch (error) {
        attempt.failed(error)
      } finally {
        silent.delete(attempt)
        speaking.delete(attempt)
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: question.votes }, fillSeat))
  } finally {
    clearTimeout(grace)
    drop(silent.union(speaking))
  }
  return votes
}

const toVote = async (answering: Answering): Promise<Vote> => {
  const events = await readAll(answering)
  const end = events.findLast((event) => event.type === "end")
  if (end === undefined) throw new Error("A whole answer came without its end.")
  const price = findModel(answering.candidate)
  return {
    answering: { ...answering, events: replay(events) },
    answer: events.map((event) => (event.type === "text" ? event.text : "")).join(""),
    finishReason: end.finishReason,
    usd: price === undefined ? 0 : costUsd(price, end.usage),
  }
}

const choose = (votes: readonly Vote[], trying: Trying, { ranked, question }: Routed): Chosen => {
  const place = ({ answering }: Vote): number => ranked.indexOf(answering.candidate)
  const { chosen, record } = tally(
    votes.toSorted((a, b) => place(a) - place(b)),
    question,
  )
  const others = votes.filter((vote) => vote !== chosen).map(({ answering, usd }) => ({ ...answering.attempt, usd }))
  return {
    ...chosen.answering,
    attempts: [...trying.attempts(), ...others, chosen.answering.attempt],
    hedged: false,
    consensus: record,
  }
}
