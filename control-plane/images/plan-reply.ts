import * as v from "valibot"
import type { PlanResponse } from "../../contract/plan.ts"
import type { ImageRecord, ImageSide } from "../../contract/record.ts"

/** What is shown of a plan, and no more: a newer gateway may say more. */
export interface ShownPlan extends Pick<PlanResponse, "notices"> {
  readonly candidates: readonly { readonly provider: string; readonly model: string }[]
  readonly images: readonly Pick<ImageRecord, "from" | "to" | "path" | "reason">[]
  readonly estimate: Pick<PlanResponse["estimate"], "savedUsd">
}

const count = v.pipe(v.number(), v.minValue(0))
const Side: v.GenericSchema<unknown, ImageSide> = v.object({
  widthPx: count,
  heightPx: count,
  sizeBytes: count,
  format: v.string(),
  tokens: count,
})

const Plan: v.GenericSchema<unknown, ShownPlan> = v.object({
  notices: v.array(v.string()),
  candidates: v.pipe(v.array(v.object({ provider: v.string(), model: v.string() })), v.minLength(1)),
  images: v.array(
    v.object({
      from: Side,
      to: Side,
      path: v.picklist(["passed_through", "resized", "reencoded", "sent_as_is"]),
      reason: v.string(),
    }),
  ),
  estimate: v.object({ savedUsd: count }),
})

/** `undefined` where the body is no plan. */
export const readPlan = (body: unknown): ShownPlan | undefined => {
  const parsed = v.safeParse(Plan, body)
  return parsed.success ? parsed.output : undefined
}
