/** Scales a vector so that its largest component is ±127: its direction in one byte a dimension. */
export const quantize = (vector: ArrayLike<number>): Int8Array => {
  let largest = 0
  for (let index = 0; index < vector.length; index++) largest = Math.max(largest, Math.abs(vector[index] ?? 0))
  const scale = largest > 0 && Number.isFinite(largest) ? 127 / largest : 0
  return Int8Array.from(vector, (component) => Math.round(component * scale))
}

/** Cosine of the angle between two vectors, −1..1; 0 where one has no direction, or another length. */
export const cosine = (one: Int8Array, other: Int8Array): number => {
  if (one.length !== other.length) return 0
  let [dot, ofOne, ofOther] = [0, 0, 0]
  for (let index = 0; index < one.length; index++) {
    const [a, b] = [one[index] ?? 0, other[index] ?? 0]
    dot += a * b
    ofOne += a * a
    ofOther += b * b
  }
  return ofOne === 0 || ofOther === 0 ? 0 : dot / Math.sqrt(ofOne * ofOther)
}
