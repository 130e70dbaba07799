import type { Reading } from "../sample.ts"

/** `reason` is part of a sentence. */
export const noData = (source: string, reason: string): Reading => ({ kind: "no-data", source, reason })

export const sampleOf = (source: string, value: unknown, readAtMs: number, measuredAtMs?: number): Reading => ({
  kind: "sample",
  sample: { value, readAtMs, source, ...(measuredAtMs === undefined ? {} : { measuredAtMs }) },
})
