/** No provider is left alone for longer than this, whatever it asks. */
const longestMs = 3_600_000

/**
 * How long a provider asked to be left alone, in milliseconds. Read from `retry-after-ms`, `retry-after` (seconds or an
 * HTTP date), `retryDelay` (Google's RetryInfo, e.g. `34.07s`), or the reset time of the limit that is used up
 * (`x-ratelimit-reset-*`, e.g. `6m0s`; `anthropic-ratelimit-*-reset`, a date). Undefined when it said nothing.
 */
export const readRetryAfterMs = (headers: Headers, retryDelay: string | undefined, now: number): number | undefined => {
  const found =
    readNumber(headers.get("retry-after-ms")) ??
    readSecondsOrDate(headers.get("retry-after"), now) ??
    readDuration(retryDelay) ??
    readUsedUpLimits(headers, now)
  return found === undefined ? undefined : Math.min(longestMs, Math.max(0, Math.ceil(found)))
}

const readNumber = (text: string | null | undefined): number | undefined =>
  text !== null && text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined

const readDate = (text: string | null, now: number): number | undefined => {
  const at = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? undefined : at - now
}

const readSecondsOrDate = (text: string | null, now: number): number | undefined => {
  const seconds = readNumber(text)
  return seconds === undefined ? readDate(text, now) : seconds * 1000
}

const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** `1h2m3.5s`, `120ms`, `34s` */
const readDuration = (text: string | null | undefined): number | undefined => {
  if (text === null || text === undefined || !/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) return undefined
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitsMs[unit ?? ""] ?? 0),
    0,
  )
}

/** When this limit is full again, in milliseconds from now. */
export const readResetMs = (headers: Headers, limit: string, now: number): number | undefined => {
  const found =
    readDuration(headers.get(`x-ratelimit-reset-${limit}`)) ??
    readDate(headers.get(`anthropic-ratelimit-${limit}-reset`), now)
  return found === undefined ? undefined : Math.min(longestMs, Math.max(0, found))
}

/** A limit resets as a whole only when it is full again, so the reset of one that still has room says nothing. */
const readUsedUpLimits = (headers: Headers, now: number): number | undefined => {
  const waits = ["requests", "tokens", "input-tokens", "output-tokens"].flatMap((limit) => {
    const openai = readDuration(headers.get(`x-ratelimit-reset-${limit}`))
    const anthropic = readDate(headers.get(`anthropic-ratelimit-${limit}-reset`), now)
    return [
      ...(openai !== undefined && headers.get(`x-ratelimit-remaining-${limit}`) === "0" ? [openai] : []),
      ...(anthropic !== undefined && headers.get(`anthropic-ratelimit-${limit}-remaining`) === "0" ? [anthropic] : []),
    ]
  })
  return waits.length === 0 ? undefined : Math.max(...waits)
}
