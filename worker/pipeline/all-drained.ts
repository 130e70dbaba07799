import type { Directive } from "../../contract/directives.ts"
import { GatewayError } from "../errors.ts"
import { directiveFor, directiveNote } from "../routing/directives.ts"
import { modelId } from "../routing/model-ref.ts"
import type { ModelRef } from "../routing/model-ref.ts"

/** The error of a request of which all candidates are drained: who said so, and when the first comes back. */
export const allDrained = (
  candidates: readonly ModelRef[],
  standing: readonly Directive[],
  now: number,
): GatewayError => {
  const found = candidates.flatMap((candidate) => {
    const directive = directiveFor(standing, candidate, now)
    return directive === undefined ? [] : [{ id: modelId(candidate), directive }]
  })
  const soonest = Math.min(...found.map(({ directive }) => directive.until))
  const each = found.map(({ id, directive }) => `${id}: ${directiveNote(directive, now)}`)
  return new GatewayError("no_provider", `Whoever might answer is drained. ${each.join("; ")}.`, {
    retryAfterS: Math.max(1, Math.ceil((soonest - now) / 1000)),
  })
}
