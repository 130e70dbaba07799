/**
 * Times in 64 buckets, 16 a decade from 30 ms to 300 s: a quantile is right to 7 %, and two histograms are merged by
 * adding them up. Old times fade so that no more than about 200 count.
 */
export type Histogram = readonly number[]

export const bucketCount = 64
const fromMs = 30
const perDecade = 16
const remembered = 200

export const emptyHistogram: Histogram = []

const bucketOf = (ms: number): number =>
  Math.max(0, Math.min(bucketCount - 1, Math.floor(Math.log10(Math.max(ms, 1) / fromMs) * perDecade)))

/** The histogram with one more time. Trailing empty buckets are not kept. */
export const addTime = (histogram: Histogram, ms: number): Histogram => {
  const bucket = bucketOf(ms)
  const total = totalOf(histogram)
  const kept = total + 1 > remembered ? (remembered - 1) / total : 1
  return Array.from(
    { length: Math.max(histogram.length, bucket + 1) },
    (_, index) => (histogram[index] ?? 0) * kept + (index === bucket ? 1 : 0),
  )
}

export const mergeHistograms = (one: Histogram, other: Histogram): Histogram =>
  Array.from({ length: Math.max(one.length, other.length) }, (_, index) => (one[index] ?? 0) + (other[index] ?? 0))

export const totalOf = (histogram: Histogram): number => histogram.reduce((sum, count) => sum + count, 0)

/** The time that this share of all do not exceed, interpolated within its bucket; undefined when there is none. */
export const quantileOf = (histogram: Histogram, share: number): number | undefined => {
  const total = totalOf(histogram)
  if (total <= 0) return undefined
  let below = 0
  for (const [index, count] of histogram.entries()) {
    if (count > 0 && below + count >= share * total) {
      const within = Math.max(0, Math.min(1, (share * total - below) / count))
      return fromMs * 10 ** ((index + within) / perDecade)
    }
    below += count
  }
  return fromMs * 10 ** (histogram.length / perDecade)
}
