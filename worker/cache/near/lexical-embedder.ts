import type { Embedder } from "../../ports/embedder.ts"
import { quantize } from "./vector.ts"

export const lexicalDimensions = 1024

/** What a gram of each kind counts: whole words say more than their pieces, of which there are many. */
const weights = { word: 1, pair: 0.5, piece: 0.25 } as const

/** Words that say how a thing is asked, not what is asked; they count for less. */
const asking = new Set(
  "a an and are as at be by can could did do does for from has have how i in is it its me my of on or that the there this to was were what when where which who why will with would you your".split(
    " ",
  ),
)
const weightOfAsking = 0.3

/**
 * The embedder that is always there: signed feature hashing (Weinberger et al. 2009) of words, pairs of words, and
 * pieces of three to five characters. No model, no download; it knows spellings and inflections, not synonyms.
 */
export const createLexicalEmbedder = (): Embedder => ({
  id: `lexical-1-${lexicalDimensions}`,
  embed: async (texts, signal) => {
    signal.throwIfAborted()
    return texts.map(lexicalVector)
  },
})

const lexicalVector = (text: string): Int8Array => {
  const sums = new Float32Array(lexicalDimensions)
  const words =
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  let before = ""
  for (const word of words) {
    const share = asking.has(word) ? weightOfAsking : 1
    add(sums, `1${word}`, weights.word * share)
    if (before !== "") add(sums, `2${before} ${word}`, weights.pair)
    addPieces(sums, `<${word}>`, weights.piece * share)
    before = word
  }
  return quantize(sums)
}

const addPieces = (sums: Float32Array, word: string, weight: number): void => {
  for (let size = 3; size <= 5; size++) {
    for (let start = 0; start + size <= word.length; start++) add(sums, word.slice(start, start + size), weight)
  }
}

/** One hash gives both the place (low bits) and the sign (the top bit), so that collisions cancel on average. */
const add = (sums: Float32Array, gram: string, weight: number): void => {
  const hash = fnv1a(gram)
  const place = hash % lexicalDimensions
  sums[place] = (sums[place] ?? 0) + (hash >= 0x8000_0000 ? -weight : weight)
}

/** FNV-1a over UTF-16 units, with a final mix: FNV's own low bits are too regular for short texts. */
const fnv1a = (text: string): number => {
  let hash = 0x811c_9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
