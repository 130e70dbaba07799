import type { AnalyzeResponse } from "../../contract/analyze.ts"
import { vi } from "vitest"
import type { PlanResponse } from "../../contract/plan.ts"
import { sample } from "../../dev/samples.ts"
import type { World } from "../world.ts"

export interface Answered<Body = AnalyzeResponse> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** A data URL of a sample picture. */
export const dataUrl = async (name: Parameters<typeof sample>[0]): Promise<string> => {
  const type = name.endsWith(".png") ? "image/png" : name.endsWith(".webp") ? "image/webp" : "image/jpeg"
  return `data:${type};base64,${Buffer.from(await sample(name)).toString("base64")}`
}

let questions = 0
/** A question that no other test asks, so that no other test's answer is in the cache. */
export const freshQuestion = (): string => `Which breaker feeds pump number ${++questions * 1000 + 7}?`

export const postJson = async <Body = AnalyzeResponse>(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered<Body>> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
  const parsed: unknown = await response.json()
  // The tests say which body they expect, and look at what they need of it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { status: response.status, headers: response.headers, body: parsed as Body }
}

/** Whether a provider saw somebody leave before the end of an answer. */
export const wasAborted = ({ providers }: Pick<World, "providers">): boolean =>
  providers.log().some(({ aborted }) => aborted)

/**
 * Waits until the gateway's store takes part again: a new isolate's first call to it may take longer than the gateway waits,
 * and after failures, which some tests make, it rests. Asks for a plan, so nothing is left behind.
 */
export const untilStoreAnswers = async ({ url }: Pick<World, "url">): Promise<void> => {
  const body = { query: "Does the store answer?", images: [await dataUrl("nameplate.webp")] }
  await vi.waitFor(
    async () => {
      const plan = await postJson<PlanResponse>(`${url}/v1/optimize`, body)
      if (plan.body.cache.reason === "store_unavailable") throw new Error("The store does not answer.")
    },
    { timeout: 10_000, interval: 200 },
  )
}

/** The events of a server-sent event stream, in order. */
export const readEvents = async (response: Response): Promise<readonly { event: string; data: string }[]> =>
  (await response.text())
    .split("\n\n")
    .filter((block) => block.trim() !== "")
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1] ?? "message",
      data: /^data: (.*)$/m.exec(block)?.[1] ?? "",
    }))
