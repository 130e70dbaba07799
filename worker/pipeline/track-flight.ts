import type { Observation } from "../../contract/provider-board.ts"
import type { Gateway } from "../gateway.ts"
import { ProviderFailure } from "../providers/provider.ts"
import { modelId } from "../routing/model-ref.ts"
import { shareNews } from "./share-news.ts"
import type { Prepared } from "./stages.ts"

/** While a request waits, its isolate goes on telling the others that it does (the gauge's lease is 5 s). */
const beatMs = 2_000

/** One request to one candidate, as the board sees it. */
export interface TrackedFlight {
  readonly began: (firstTokenMs: number) => void
  readonly succeeded: (outputTokens: number) => void
  readonly failed: (error: unknown) => void
  readonly abandoned: () => void
}

/** Counts the request in flight and tells how it goes: its first token, or that it is silent for long; then how it ended. */
export const trackFlight = (
  { candidate }: Pick<Prepared, "candidate">,
  ports: Pick<Gateway["ports"], "board" | "now" | "background">,
): TrackedFlight => {
  const { board, now } = ports
  const id = modelId(candidate)
  const startedAt = now()
  const flight = board.began(id)
  const beat = setInterval(() => shareNews(ports, now()), beatMs)
  const silentMs = candidate.hedgeAfterMs
  const silence = setTimeout(() => flight.noted({ candidate: id, ok: false, silentMs, at: now() }), silentMs)
  let firstTokenMs: number | undefined
  let ended = false
  const end = (observation: Observation | undefined): void => {
    if (ended) return
    ended = true
    clearInterval(beat)
    clearTimeout(silence)
    flight.ended(observation)
    shareNews(ports, now())
  }
  return {
    began: (afterMs) => {
      firstTokenMs = afterMs
      clearTimeout(silence)
      flight.noted({ candidate: id, ok: true, firstTokenMs, at: now() })
    },
    succeeded: (outputTokens) => {
      const at = now()
      const responseTimeMs = at - startedAt
      const begun = firstTokenMs === undefined ? {} : { continues: true as const, firstTokenMs }
      const told = outputTokens > 0 ? { outputTokens } : {}
      end({ candidate: id, ok: true, ...begun, responseTimeMs, ...told, at })
    },
    failed: (error) => end(observationOf(id, error, { startedAt, at: now() })),
    abandoned: () => end(undefined),
  }
}

/** What a failure says about the provider: nothing, if the caller was at fault or left. */
export const observationOf = (
  candidate: string,
  error: unknown,
  { startedAt, at }: { readonly startedAt: number; readonly at: number },
): Observation | undefined => {
  if (!(error instanceof ProviderFailure)) return undefined
  switch (error.kind) {
    case "caller_fault":
    case "client_left":
    case "image_not_accepted":
    case "superseded":
      return undefined
    case "rate_limited":
    case "overloaded":
      return { candidate, ok: false, restMs: Math.min(error.retryAfterMs ?? 2_000, 300_000), at }
    case "server_error":
    case "unauthorized":
    case "network":
    case "first_byte_timeout":
    case "idle_timeout":
    case "total_timeout":
    case "garbage":
    case "cut_off":
      // How long it took says when it was sent, which a breaker that opened in between wants to know.
      return { candidate, ok: false, responseTimeMs: at - startedAt, at }
  }
}
