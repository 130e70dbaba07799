/** The numbers from 0 to 20 in words, but "one", which is a pronoun too ("which one"). */
export const numberWords: ReadonlyMap<string, string> = new Map(
  "zero (one) two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
    .split(" ")
    .map((word, value) => [word, String(value)]),
)
