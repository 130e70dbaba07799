import { readResetMs } from "./retry-after.ts"

/** What is left of a provider's narrowest limit, from 0 to 1, and when it is full again. */
export interface Quota {
  readonly left: number
  readonly resetMs?: number
}

const limits = ["requests", "tokens", "input-tokens", "output-tokens"]
/** How OpenAI and Anthropic name what is left of a limit, and the limit. */
const namesOf = (limit: string): readonly (readonly [string, string])[] => [
  [`x-ratelimit-remaining-${limit}`, `x-ratelimit-limit-${limit}`],
  [`anthropic-ratelimit-${limit}-remaining`, `anthropic-ratelimit-${limit}-limit`],
]

/** Read from the headers of an answer; undefined where they say nothing. */
export const readQuota = (headers: Headers, now: number): Quota | undefined => {
  let narrowest: Quota | undefined
  for (const limit of limits) {
    for (const [remainingName, limitName] of namesOf(limit)) {
      const [remaining, most] = [numberIn(headers, remainingName), numberIn(headers, limitName)]
      if (remaining === undefined || most === undefined || most <= 0) continue
      const left = Math.min(1, remaining / most)
      if (narrowest !== undefined && narrowest.left <= left) continue
      const resetMs = readResetMs(headers, limit, now)
      narrowest = { left, ...(resetMs === undefined ? {} : { resetMs }) }
    }
  }
  return narrowest
}

const numberIn = (headers: Headers, name: string): number | undefined => {
  const text = headers.get(name)
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined
}
