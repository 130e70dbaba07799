import type { CandidateRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { askAgainMs, hedgeCandidate } from "../routing/hedging.ts"
import { abandon } from "./call-provider.ts"
import type { Answering } from "./stages.ts"
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
 * Asks the best candidate, and a second one where the first has not begun by the time at which most answers have, as soon
 * as `maySecond` allows it. The first to begin wins, the other is stopped at once. Gives nothing when both have failed.
 */
export const runHeat = async (
  queue: CandidateRecord[],
  trying: Trying,
  ask: Ask,
  maySecond: (silent: CandidateRecord) => boolean,
  { ports }: Pick<Gateway, "ports">,
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
  const timer = startTimer(first.hedgeAfterMs)
  let hedged = false
  send(first)
  try {
    while (running.size > 0) {
      const news = await Promise.race([...Array.from(running, ({ outcome }) => outcome), ...timer.pending()])
      if (news === "late") {
        const second = hedgeCandidate(queue, first)
        if (second === undefined) timer.clear()
        else if (!maySecond(first)) timer.start(askAgainMs)
        else {
          queue.splice(queue.indexOf(second), 1)
          hedged = true
          timer.clear()
          send(second)
        }
        continue
      }
      running.delete(news.runner)
      if ("answering" in news) return { attempt: news.runner.attempt, answering: news.answering, hedged }
      news.runner.attempt.failed(news.error)
    }
    return undefined
  } finally {
    timer.clear()
    for (const { attempt, outcome } of running) {
      attempt.drop()
      // It may have begun in the very moment in which the other won; then its answer must be ended, too.
      ports.background(outcome.then((end) => ("answering" in end ? abandon(end.answering) : undefined)))
    }
  }
}

interface Timer {
  readonly start: (ms: number) => void
  /** The promise of "late", while it runs. */
  readonly pending: () => readonly Promise<"late">[]
  readonly clear: () => void
}

const startTimer = (firstMs: number): Timer => {
  let running: { readonly late: Promise<"late">; readonly id: ReturnType<typeof setTimeout> } | undefined
  const start = (ms: number): void => {
    const { promise, resolve } = Promise.withResolvers<"late">()
    running = { late: promise, id: setTimeout(() => resolve("late"), ms) }
  }
  start(firstMs)
  return {
    start,
    pending: () => (running === undefined ? [] : [running.late]),
    clear: () => {
      clearTimeout(running?.id)
      running = undefined
    },
  }
}
