/**
 * A light stem of an English word in lower case: plural, -ing, -ed and -ly go, doubled ends and silent e are evened out.
 * Only for comparing: two words with one stem are forms of one word, nearly always.
 */
export const stem = (word: string): string => {
  if (word.length <= 3) return word
  const base = withoutSuffix(withoutPlural(word))
  return base.length > 3 && base.endsWith("e") ? base.slice(0, -1) : base
}

const withoutPlural = (word: string): string => {
  if (word.endsWith("'s")) return word.slice(0, -2)
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(?:ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith("s") && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word
}

const withoutSuffix = (word: string): string => {
  for (const suffix of ["ing", "ed", "ly"]) {
    const base = word.slice(0, -suffix.length)
    if (!word.endsWith(suffix) || base.length < 3 || !/[aeiouy]/.test(base)) continue
    return /([bdfgmnprt])\1$/.test(base) ? base.slice(0, -1) : base
  }
  return word
}
