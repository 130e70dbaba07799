import type { CandidateRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { waitBeforeRetryMs } from "../routing/wait-before-retry.ts"
import { settle } from "./call-provider.ts"
import { pause } from "./pause.ts"
import type { Answering, Chosen, Routed } from "./stages.ts"
import { startTrying } from "./trying.ts"
import type { Attempt, Trying } from "./trying.ts"

/** Prepares the question for a candidate and asks it; resolves when it begins to answer. */
export type Ask = (candidate: CandidateRecord, attempt: Attempt) => Promise<Answering>

export interface Begun {
  readonly attempt: Attempt
  readonly answering: Answering
  readonly hedged?: boolean
}

/**
 * Lets candidates compete, one contest after the other, until an answer is on its way, or whole where the client wants it
 * whole. A contest takes candidates off the queue, best first, and gives nothing when all that it took have failed.
 */
export const tryCandidates = (
  routed: Routed,
  contest: (queue: CandidateRecord[], trying: Trying) => Promise<Begun | undefined>,
  gateway: Pick<Gateway, "ports">,
): Promise<Chosen> =>
  inRounds(
    routed,
    async (queue, trying) => {
      while (queue.length > 0) {
        const begun = await contest(queue, trying)
        if (begun === undefined) continue
        try {
          const settled = await settle(begun.answering)
          return { ...settled, attempts: [...trying.attempts(), settled.attempt], hedged: begun.hedged ?? false }
        } catch (error) {
          begun.attempt.failed(error)
        }
      }
      return undefined
    },
    gateway,
  )

/**
 * Goes through all candidates that were not cut off; when all have failed, of what passes (no room, a broken connection),
 * goes through those again after a pause, as long as the client waits, and in the end tries those that were cut off. One
 * that asked to be left alone is not asked before that is over, and one that is drained not at all.
 * Throws what the failures come to.
 */
export const inRounds = async <T>(
  { ranked, question }: Pick<Routed, "ranked" | "question">,
  round: (queue: CandidateRecord[], trying: Trying) => Promise<T | undefined>,
  { ports }: Pick<Gateway, "ports">,
): Promise<T> => {
  const willing = ranked.filter(({ standing }) => standing !== "drained")
  const trying = startTrying(ports.now)
  for (const candidate of willing) trying.knowsPause(candidate)
  const deadline = ports.now() + question.maxWaitMs
  const cutOff = willing.filter(({ standing }) => standing === "cut_off")
  // When all are cut off, there is no better choice than them.
  const others = cutOff.length === willing.length ? willing : willing.filter(({ standing }) => standing !== "cut_off")
  for (let rounds = 0; ; rounds++) {
    const result = await round(
      others.filter((candidate) => trying.mayAsk(candidate)),
      trying,
    )
    if (result !== undefined) return result
    const waitMs = waitBeforeRetryMs(trying.lastFailures(), rounds, deadline - ports.now(), ports.random)
    if (waitMs === undefined) break
    await pause(waitMs, question.signal)
  }
  const last = await round(
    cutOff.filter((candidate) => trying.mayAsk(candidate)),
    trying,
  )
  if (last === undefined) throw trying.giveUp()
  return last
}
