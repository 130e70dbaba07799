import type { CandidateRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { hedgeCandidate } from "../routing/hedging.ts"
import { abandon } from "./call-provider.ts"
import type { Answering, Chosen, Routed } from "./stages.ts"
import { tryCandidates } from "./try-candidates.ts"
import type { Ask, Begun } from "./try-candidates.ts"
import type { Attempt, Trying } from "./trying.ts"

interface Runner {
  readonly attempt: Attempt
  /** Never rejects. */
  readonly outcome: Promise<Outcome>
}
type Outcome =
  | { readonly runner: Runner; readonly answering: Answering }
  | { readonly runner: Runner; readonly error: unknown }

/**
 * The mode `race`: asks the best candidate, and a second one when the first has not begun by the time at which most
 * answers have, as long as the hedging budget lasts. The first to begin wins, the other is stopped at once.
 */
export const race = (routed: Routed, ask: Ask, gateway: Gateway): Promise<Chosen> => {
  gateway.hedging.asked()
  return tryCandidates(routed, (queue, trying) => runHeat(queue, trying, routed, ask, gateway), gateway)
}

const runHeat = async (
  queue: CandidateRecord[],
  trying: Trying,
  routed: Routed,
  ask: Ask,
  { ports, hedging }: Gateway,
): Promise<Begun | undefined> => {
  const running = new Set<Runner>()
  const send = (candidate: CandidateRecord): void => {
    const attempt = trying.start(candidate)
    const runner: Runner = {
      attempt,
      outcome: ask(candidate, attempt).then(
        (answering) => ({ runner, answering }),
        (error: unknown) => ({ runner, error }),
      ),
    }
    running.add(runner)
  }
  const first = queue.shift()
  if (first === undefined) return undefined
  const late = startTimer(first.hedgeAfterMs)
  let hedged = false
  send(first)
  try {
    while (running.size > 0) {
      const news = await Promise.race([...Array.from(running, ({ outcome }) => outcome), ...late.pending()])
      if (news === "late") {
        const second = hedgeCandidate(queue, first)
        if (second === undefined || !hedging.mayHedge(routed.ranked)) continue
        queue.splice(queue.indexOf(second), 1)
        hedged = true
        send(second)
        continue
      }
      running.delete(news.runner)
      if ("answering" in news) return { attempt: news.runner.attempt, answering: news.answering, hedged }
      news.runner.attempt.failed(news.error)
    }
    return undefined
  } finally {
    late.clear()
    for (const { attempt, outcome } of running) {
      attempt.drop()
      // It may have begun in the very moment in which the other won; then its answer must be ended, too.
      ports.background(outcome.then((end) => ("answering" in end ? abandon(end.answering) : undefined)))
    }
  }
}

interface Timer {
  /** The promise of "late", until it was given. */
  readonly pending: () => readonly Promise<"late">[]
  readonly clear: () => void
}

const startTimer = (ms: number): Timer => {
  const { promise, resolve } = Promise.withResolvers<"late">()
  let isPending = true
  const id = setTimeout(() => resolve("late"), ms)
  const late = promise.then((word) => {
    isPending = false
    return word
  })
  return { pending: () => (isPending ? [late] : []), clear: () => clearTimeout(id) }
}
