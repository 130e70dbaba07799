import type { CandidateRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { isCutOff } from "../routing/breaker.ts"
import { modelId } from "../routing/model-ref.ts"

/**
 * Whether a candidate that is silent for unusually long was cut off meanwhile, or was only being tried. To ask another
 * one then is no hedge but a rescue, which needs no budget: nobody expects an answer of this one any more.
 */
export const isLost = (silent: CandidateRecord, { board, now }: Pick<Gateway["ports"], "board" | "now">): boolean => {
  if (silent.standing === "probe") return true
  const at = now()
  const view = board.snapshot(at).candidates[modelId(silent)]
  return view !== undefined && isCutOff(view.breaker, at)
}
