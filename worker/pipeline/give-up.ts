import { GatewayError } from "../errors.ts"
import type { ProviderFailure } from "../providers/provider.ts"
import { modelId } from "../routing/model-ref.ts"
import type { ModelRef } from "../routing/model-ref.ts"

/** A candidate and how it failed last. */
export interface Failed {
  readonly candidate: ModelRef
  readonly failure: ProviderFailure
}

const defaultRetryAfterMs = 5_000
const timeoutKinds: ReadonlySet<string> = new Set(["first_byte_timeout", "idle_timeout", "total_timeout"])

/**
 * What the failures of all candidates come to: `unprocessable`, the caller's to mend, when none could be sent the
 * pictures; 504 when all were too slow; else 503 with the earliest time at which one asked to be tried again.
 */
export const giveUp = (failed: readonly Failed[], unprocessable: GatewayError | undefined): GatewayError => {
  if (unprocessable !== undefined && failed.every(({ failure }) => failure.kind === "image_not_accepted"))
    return unprocessable
  const waitsMs = failed.map(({ failure }) => failure.retryAfterMs ?? defaultRetryAfterMs)
  const retryAfterS = Math.max(1, Math.ceil(Math.min(...waitsMs) / 1000))
  const each = failed.map(({ candidate, failure }) => `${modelId(candidate)}: ${failure.kind} (${failure.message})`)
  const count = failed.length === 1 ? "The only candidate" : `All ${failed.length} candidates`
  return new GatewayError(
    failed.every(({ failure }) => timeoutKinds.has(failure.kind)) ? "timeout" : "no_provider",
    `${count} failed; try again in ${retryAfterS} s. ${each.join("; ")}`,
    { retryAfterS, cause: failed[0]?.failure },
  )
}
