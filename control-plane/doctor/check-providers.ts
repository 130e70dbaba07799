import { failed, ok, warning } from "./check.ts"
import type { Check } from "./check.ts"
import { showForeign } from "./foreign-text.ts"
import { readCandidates } from "./gateway-replies.ts"

/** One check for each candidate in the body of `GET /v1/providers`; with all of them resting nobody is left to ask. */
export const checkProviders = (body: unknown, secrets: readonly string[]): readonly Check[] => {
  const candidates = readCandidates(body)
  if (candidates === undefined) {
    return [
      failed(
        "Providers",
        "/v1/providers answers in a form that this version does not know.",
        "Use the `voltgate` of the gateway's own version, and check the address.",
      ),
    ]
  }
  if (candidates.length === 0) {
    return [
      failed(
        "Providers",
        "This key may ask none of the providers that the gateway has.",
        "Make a key whose --providers names one of them, or leave --providers out.",
      ),
    ]
  }
  const someoneHealthy = candidates.some(({ healthy }) => healthy)
  return candidates.map((candidate) => {
    const name = showForeign(`${candidate.provider}/${candidate.model}`, secrets)
    const kind = candidate.simulated ? "simulated" : "real"
    if (candidate.healthy) return ok(name, `Healthy, ${kind}; ${describeSpeed(candidate)}.`)
    const until = candidate.restUntil === undefined ? "" : ` until ${showForeign(candidate.restUntil, secrets)}`
    const message = `Left alone${until}, ${kind}: ${showForeign(candidate.note, secrets)}.`
    return someoneHealthy
      ? warning(name, message, "The others answer meanwhile; if it stays so, check the provider's status page and key.")
      : failed(name, message, "No other provider is left to ask: check its status page, its key, and its quota.")
  })
}

const describeSpeed = ({ p50Ms, responseTimeSamples }: { p50Ms?: number; responseTimeSamples: number }): string =>
  p50Ms === undefined
    ? "not asked yet"
    : `half of its last ${responseTimeSamples} answers came within ${(p50Ms / 1000).toFixed(1)} s`
