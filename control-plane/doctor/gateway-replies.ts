import * as v from "valibot"
import type { ErrorBody } from "../../contract/error-code.ts"
import type { ProviderStatus } from "../../contract/providers.ts"

/** What the doctor reads of the gateway's answers, and no more: a newer gateway may say more. */

type CandidateNews = Pick<
  ProviderStatus,
  "provider" | "model" | "note" | "simulated" | "healthy" | "p50Ms" | "responseTimeSamples" | "restUntil"
>

const Candidates: v.GenericSchema<unknown, { readonly providers: readonly CandidateNews[] }> = v.object({
  providers: v.array(
    v.object({
      provider: v.string(),
      model: v.string(),
      note: v.string(),
      simulated: v.boolean(),
      healthy: v.boolean(),
      p50Ms: v.exactOptional(v.number()),
      responseTimeSamples: v.number(),
      restUntil: v.exactOptional(v.string()),
    }),
  ),
})

/** The candidates of `GET /v1/providers`; `undefined` where the body is not that. */
export const readCandidates = (body: unknown): readonly CandidateNews[] | undefined => {
  const parsed = v.safeParse(Candidates, body)
  return parsed.success ? parsed.output.providers : undefined
}

const Failure: v.GenericSchema<unknown, { readonly error: Pick<ErrorBody["error"], "message"> }> = v.object({
  error: v.object({ message: v.pipe(v.string(), v.nonEmpty()) }),
})

/** The sentence of an error of the gateway's. */
export const readErrorBody = (body: unknown): string | undefined => {
  const parsed = v.safeParse(Failure, body)
  return parsed.success ? parsed.output.error.message : undefined
}

export const readHealth = (body: unknown): boolean => v.is(v.object({ status: v.literal("ok") }), body)

const Readiness = v.object({ checks: v.object({ providers: v.boolean(), access: v.boolean() }) })

/** What `/readyz` looked at, and found to be there. */
export const readReadiness = (body: unknown): { readonly providers: boolean; readonly access: boolean } | undefined => {
  const parsed = v.safeParse(Readiness, body)
  return parsed.success ? parsed.output.checks : undefined
}
