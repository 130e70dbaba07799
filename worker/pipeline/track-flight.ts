import type { Observation } from "../../contract/provider-board.ts"
import type { Gateway } from "../gateway.ts"
import { ProviderFailure } from "../providers/provider.ts"
import type { AnswerEnd } from "../providers/provider.ts"
import { estimateResponseTime } from "../routing/estimate-response-time.ts"
import { modelId } from "../routing/model-ref.ts"
import { kindOf } from "./kind-of.ts"
import { shareNews } from "./share-news.ts"
import type { Prepared } from "./stages.ts"

/** While a request waits, its isolate goes on telling the others that it does (the gauge's lease is 5 s). */
const beatMs = 2_000

/** One request to one candidate, as the board sees it. */
export interface TrackedFlight {
  readonly began: (firstTokenMs: number) => void
  readonly succeeded: (end: Pick<AnswerEnd, "usage" | "quota">) => void
  readonly failed: (error: unknown) => void
  readonly abandoned: () => void
}

/** Counts the request in flight and tells how it goes: its first token, or that it is silent for long; then how it ended. */
export const trackFlight = (
  { candidate, question }: Pick<Prepared, "candidate" | "question">,
  ports: Pick<Gateway["ports"], "board" | "now" | "background">,
): TrackedFlight => {
  const { board, now } = ports
  const id = modelId(candidate)
  const startedAt = now()
  const kind = kindOf(question)
  const stated = estimateResponseTime(candidate, kind, board.snapshot(startedAt))
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
    succeeded: ({ usage: { outputTokens }, quota }) => {
      const at = now()
      const responseTimeMs = at - startedAt
      const begun = firstTokenMs === undefined ? {} : { continues: true as const, firstTokenMs }
      const told = outputTokens > 0 ? { outputTokens } : {}
      // A published figure is nobody's statement about nine in ten, so it is not held against what came true.
      const statement = stated.basis === "measured" ? { statedP90Ms: stated.p90Ms } : {}
      end({ candidate: id, ok: true, ...begun, responseTimeMs, ...told, kind, ...statement, ...newsOf(quota), at })
    },
    failed: (error) => end(observationOf(id, error, { startedAt, at: now() })),
    abandoned: () => end(undefined),
  }
}

const newsOf = (quota: AnswerEnd["quota"]): Pick<Observation, "quotaLeft" | "quotaResetMs"> =>
  quota === undefined
    ? {}
    : { quotaLeft: quota.left, ...(quota.resetMs === undefined ? {} : { quotaResetMs: quota.resetMs }) }

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
