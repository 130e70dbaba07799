import type { AttemptFailure, AttemptRecord, CandidateRecord } from "../../contract/record.ts"
import { GatewayError } from "../errors.ts"
import { ProviderFailure } from "../providers/provider.ts"
import { modelId } from "../routing/model-ref.ts"
import type { ModelRef } from "../routing/model-ref.ts"
import { mayPass } from "../routing/wait-before-retry.ts"
import { giveUp } from "./give-up.ts"
import type { Failed } from "./give-up.ts"

/** One candidate at work. */
export interface Attempt {
  readonly candidate: CandidateRecord
  /** Fires when its answer is not wanted any more. */
  readonly dropped: AbortSignal
  /** Called when the request goes out, with an estimate of what asking alone costs. */
  readonly sent: (usd: number) => void
  /** Notes why it came to nothing. Throws, once, an error that no other candidate could mend. */
  readonly failed: (thrown: unknown) => void
  /** Stops it because others have answered. */
  readonly drop: () => void
}

/** What was tried for one request so far. */
export interface Trying {
  readonly start: (candidate: CandidateRecord) => Attempt
  /** Those that ended without an answer, in the order in which they ended. */
  readonly attempts: () => readonly AttemptRecord[]
  /** How each candidate failed last. */
  readonly lastFailures: () => readonly ProviderFailure[]
  /** Counts a candidate that asked an earlier request to be left alone as if it had told this one. */
  readonly knowsPause: (candidate: CandidateRecord) => void
  /** It has not failed, or of what may be over by now. */
  readonly mayAsk: (candidate: ModelRef) => boolean
  /** What it comes to when nothing is left to try. */
  readonly giveUp: () => GatewayError
}

export const startTrying = (now: () => number): Trying => {
  const attempts: AttemptRecord[] = []
  const last = new Map<string, Failed & { readonly at: number }>()
  let unprocessable: GatewayError | undefined

  const start = (candidate: CandidateRecord): Attempt => {
    const startedAt = now()
    const patience = new AbortController()
    let usd: number | undefined
    const end = (failure: ProviderFailure): void => {
      const cost = mayBeBilled.has(failure.kind) ? usd : undefined
      attempts.push(failedAttempt(candidate, failure, now() - startedAt, cost))
    }
    return {
      candidate,
      dropped: patience.signal,
      sent: (estimatedUsd) => (usd = estimatedUsd),
      failed: (thrown) => {
        if (patience.signal.aborted) return
        const failure = asFailure(thrown)
        if (thrown instanceof GatewayError) unprocessable ??= thrown
        endIfCallers(failure, candidate)
        end(failure)
        last.set(modelId(candidate), { candidate, failure, at: now() })
      },
      drop: () => {
        const reason = new ProviderFailure("superseded", "It was stopped, for others had answered.")
        end(reason)
        patience.abort(reason)
      },
    }
  }

  const lastFailures = (): readonly ProviderFailure[] => [...last.values()].map(({ failure }) => failure)
  return {
    start,
    attempts: () => attempts,
    lastFailures,
    knowsPause: (candidate) => {
      const { pausesMs, note } = candidate
      if (pausesMs === undefined) return
      const failure = new ProviderFailure("rate_limited", note, { retryAfterMs: pausesMs })
      last.set(modelId(candidate), { candidate, failure, at: now() })
    },
    mayAsk: (candidate) => {
      const known = last.get(modelId(candidate))
      if (known === undefined) return true
      return mayPass(known.failure) && known.at + (known.failure.retryAfterMs ?? 0) <= now()
    },
    giveUp: () => giveUp([...last.values()], unprocessable),
  }
}

/** These may have read the question before it went wrong, and providers bill what they read. */
const mayBeBilled: ReadonlySet<AttemptFailure> = new Set([
  "superseded",
  "cut_off",
  "first_byte_timeout",
  "idle_timeout",
  "total_timeout",
])

/** A picture that this candidate cannot be sent may suit the next one; other errors of ours are final. */
const asFailure = (error: unknown): ProviderFailure => {
  if (error instanceof ProviderFailure) return error
  if (error instanceof GatewayError && error.code === "image_not_processable") {
    return new ProviderFailure("image_not_accepted", error.message)
  }
  throw error
}

const endIfCallers = (failure: ProviderFailure, candidate: CandidateRecord): void => {
  if (failure.kind === "caller_fault") {
    throw new GatewayError(
      "provider_refused_request",
      `${modelId(candidate)} refused the request: ${failure.message}`,
      {
        cause: failure,
      },
    )
  }
  if (failure.kind === "client_left") {
    throw new GatewayError("client_closed_request", "The client left before the answer came.", { cause: failure })
  }
}

const failedAttempt = (
  { provider, model }: ModelRef,
  failure: ProviderFailure,
  durationMs: number,
  usd: number | undefined,
): AttemptRecord => ({
  provider,
  model,
  outcome: failure.kind,
  ...(failure.status === undefined ? {} : { status: failure.status }),
  message: failure.message,
  durationMs,
  ...(usd === undefined ? {} : { usd }),
})
