import type { TripReason } from "../../contract/candidate-health.ts"
import type { Standing } from "../../contract/record.ts"
import type { RankedView } from "./ranked-view.ts"

/** Why a candidate stands where it does, in words. */
export const noteOf = (view: RankedView, standing: Standing, inFlight: number, now: number): string => {
  const { breaker, pause } = view
  switch (standing) {
    case "ready":
      return readyNote(view)
    case "probe":
      return "this request tries whether it has recovered"
    case "drained":
      return "drained"
    case "pausing":
      return `left alone for ${seconds(pause.until - now)} more, as it asked`
    case "cut_off": {
      if (breaker.state !== "open" && breaker.state !== "half_open") return "cut off"
      const why = reasons[breaker.why]
      return breaker.state === "open" && breaker.until > now
        ? `cut off for ${seconds(breaker.until - now)} more: ${why}`
        : `cut off until a probe succeeds: ${why}`
    }
    case "spared": {
      if (breaker.state === "ramp") return "coming back: it gets part of the traffic"
      if (inFlight >= view.limit) return `full: ${inFlight} requests in flight, and it bears ${Math.floor(view.limit)}`
      if (pause.quotaLowUntil > now) return "spared: less than 12 % of its quota is left"
      return "spared: it refused requests lately"
    }
  }
}

const readyNote = ({ firstToken, responseTimeSamples: samples }: RankedView): string => {
  if (firstToken.usualWeight === 0) return "no response time known yet; 3 s are assumed"
  if (samples === 0) return "expected by the first tokens of its last answers"
  return samples === 1 ? "expected by its one answer so far" : `expected by its last answers; ${samples} are known`
}

const reasons: Readonly<Record<TripReason, string>> = {
  failures_in_a_row: "it failed 5 times in a row",
  most_fail: "most of its requests failed",
  no_first_token: "its first tokens did not come",
  provider_fails: "it failed, and so did other models of its provider",
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`
