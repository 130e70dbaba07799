import type { Standing } from "../../contract/record.ts"
import type { RankedView } from "./ranked-view.ts"
import { admittedShare, breakerAt } from "./breaker.ts"
import { shareOf } from "./pause.ts"

/** Whether a candidate may be asked now, apart from how good it is. */
export const standingOf = (
  view: RankedView,
  inFlight: number,
  { now, random }: { readonly now: number; readonly random: () => number },
): Standing => {
  const { breaker, pause, probeUntil = 0 } = view
  if (pause.until > now) return "pausing"
  if (breaker.state !== "closed") {
    const admitted = admittedShare(breakerAt(breaker, now), now)
    if (admitted === 0) return probeUntil > now ? "probe" : "cut_off"
    if (admitted < 1 && random() >= admitted) return "spared"
  }
  if (pause.quotaLowUntil > now || inFlight >= view.limit) return "spared"
  const share = shareOf(pause, now)
  return share < 1 && random() >= share ? "spared" : "ready"
}

/** When a candidate that pauses or was cut off may be asked again (ms since the epoch). */
export const wakesAt = ({ breaker, pause }: Pick<RankedView, "breaker" | "pause">): number =>
  breaker.state === "open" ? Math.max(breaker.until, pause.until) : pause.until
