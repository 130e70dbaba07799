const tupleBytes = 20
/** `_hash_init`: buckets are made for pages three quarters full. */
const rowsPerBucket = Math.floor((8192 * 0.75) / tupleBytes)
const mostRowsOfPage = Math.floor((8192 - 24 - 16) / tupleBytes)

/** Pages of a hash index: metapage, bitmap, buckets, and overflow pages where few values have many rows. */
export const hashPages = (rows: number, distinct: number): number => {
  const buckets = roundBuckets(Math.max(2, Math.ceil(rows / rowsPerBucket)))
  const rowsOfUsedBucket = rows / Math.min(buckets, Math.max(1, distinct))
  const overflow = Math.min(buckets, distinct) * Math.max(0, Math.ceil(rowsOfUsedBucket / mostRowsOfPage) - 1)
  return 2 + buckets + Math.round(overflow)
}

/** Powers of two; above 512 in quarters of the step to the next: `_hash_spareindex`. */
const roundBuckets = (wanted: number): number => {
  const power = 2 ** Math.ceil(Math.log2(wanted))
  if (power <= 512) return power
  const quarter = power / 8
  return power / 2 + Math.ceil((wanted - power / 2) / quarter) * quarter
}
