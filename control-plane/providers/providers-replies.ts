import * as v from "valibot"
import { actions } from "../../contract/directives.ts"

/** What is read of the gateway's answers, and no more: a newer gateway may say more. */

const Status = v.object({
  provider: v.string(),
  model: v.string(),
  standing: v.string(),
  selectionWeight: v.number(),
  terms: v.object({ accuracy: v.number(), availability: v.number() }),
  inFlight: v.number(),
  p50Ms: v.exactOptional(v.number()),
  p95Ms: v.exactOptional(v.number()),
  note: v.string(),
})
export type Status = v.InferOutput<typeof Status>

const Standing = v.object({
  action: v.picklist(["drain", "pin"]),
  target: v.string(),
  until: v.string(),
  by: v.string(),
  reason: v.exactOptional(v.string()),
})
export type Standing = v.InferOutput<typeof Standing>

const Audited = v.object({
  at: v.string(),
  by: v.string(),
  action: v.picklist(actions),
  target: v.string(),
  forS: v.exactOptional(v.number()),
  reason: v.exactOptional(v.string()),
})
export type Audited = v.InferOutput<typeof Audited>

const Listing = v.object({
  snapshotAt: v.exactOptional(v.string()),
  providers: v.array(Status),
  directives: v.array(Standing),
  audit: v.exactOptional(v.array(Audited)),
})
export type Listing = v.InferOutput<typeof Listing>

/** The body of `GET /v1/providers`; `undefined` where it is not that. */
export const readListing = (body: unknown): Listing | undefined => {
  const parsed = v.safeParse(Listing, body)
  return parsed.success ? parsed.output : undefined
}

const Ordered = v.object({ directives: v.array(Standing) })

/** The body of `POST /v1/providers`. */
export const readOrdered = (body: unknown): readonly Standing[] | undefined => {
  const parsed = v.safeParse(Ordered, body)
  return parsed.success ? parsed.output.directives : undefined
}
