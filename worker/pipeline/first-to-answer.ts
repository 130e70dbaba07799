import type { AttemptRecord, CandidateRecord } from "../../contract/record.ts"
import { GatewayError } from "../errors.ts"
import { ProviderFailure } from "../providers/provider.ts"
import { modelId } from "../routing/model-ref.ts"
import type { Answering, Routed } from "./stages.ts"

const defaultRetryAfterMs = 5_000

/**
 * Tries the candidates in order until one begins to answer. A caller's fault ends it at once, because every provider
 * would say the same; anything else moves on to the next.
 */
export const firstToAnswer = async (
  { ranked }: Pick<Routed, "ranked">,
  attempt: (candidate: CandidateRecord, earlier: readonly AttemptRecord[]) => Promise<Answering>,
  now: () => number,
): Promise<Answering> => {
  const attempts: AttemptRecord[] = []
  const failures: ProviderFailure[] = []
  let unprocessable: GatewayError | undefined
  for (const candidate of ranked) {
    const startedAt = now()
    try {
      return await attempt(candidate, attempts)
    } catch (error) {
      const failure = asFailure(error)
      if (error instanceof GatewayError) unprocessable ??= error
      endIfCallers(failure, candidate)
      failures.push(failure)
      attempts.push(failedAttempt(candidate, failure, now() - startedAt))
    }
  }
  if (unprocessable !== undefined && failures.every(({ kind }) => kind === "image_not_accepted")) throw unprocessable
  throw allFailed(attempts, failures)
}

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

const failedAttempt = (candidate: CandidateRecord, failure: ProviderFailure, durationMs: number): AttemptRecord => ({
  provider: candidate.provider,
  model: candidate.model,
  outcome: failure.kind,
  ...(failure.status === undefined ? {} : { status: failure.status }),
  message: failure.message,
  durationMs,
})

const timeoutKinds: ReadonlySet<string> = new Set(["first_byte_timeout", "idle_timeout", "total_timeout"])

/** 504 when all were too slow, else 503 with the earliest time at which one asked to be tried again. */
const allFailed = (attempts: readonly AttemptRecord[], failures: readonly ProviderFailure[]): GatewayError => {
  const waitsMs = failures.map(({ retryAfterMs }) => retryAfterMs ?? defaultRetryAfterMs)
  const retryAfterS = Math.max(1, Math.ceil(Math.min(...waitsMs) / 1000))
  const each = attempts.map(({ provider, model, outcome, message }) => `${provider}/${model}: ${outcome} (${message})`)
  const count = attempts.length === 1 ? "The only candidate" : `All ${attempts.length} candidates`
  return new GatewayError(
    failures.every(({ kind }) => timeoutKinds.has(kind)) ? "timeout" : "no_provider",
    `${count} failed; try again in ${retryAfterS} s. ${each.join("; ")}`,
    { retryAfterS, cause: failures[0] },
  )
}
