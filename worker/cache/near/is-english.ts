const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(" "))

const english = wordsOf(
  "what which where who whose when why how is are does do did can could should would will has have the this that these those there of any and many much list show tell give count find describe identify name read explain",
)

/** Function words of languages that share some of their words with English ("was", "in", "die", "on" are in both). */
const foreign = wordsOf(
  "der das und ist sind wie viele welche welcher welches wo wer warum ein eine einen einem nicht auf für zeigt dem den im zum zur " +
    "le la les un une des du est sont quel quelle quels quelles combien où qui pourquoi dans sur avec et pas ce cette il y " +
    "el los las una del es son qué cuál cuáles cuántos cuántas dónde quién cuando por para con en que como hay " +
    "il lo gli della che quale quali quanti quante dove chi perché nel nella sono è " +
    "o um uma da dos das são qual quais quantos quantas onde quem não no na em " +
    "het een zijn hoeveel welk waar wie waarom niet op met van hoe wat " +
    "den det ett är och hur många vilken var inte jest są ile jaki jaka jakie gdzie kto dlaczego nie na się",
)
/** Shared with English, or likely within an English question as a name or a unit. */
const ambiguous = wordsOf(
  "no on in is a i me we he to so as an o y e la le con les es da na den die met op il en em el van um",
)

/**
 * Whether the tables of the near lane (numbers, negation, antonyms, …) can read this question. They are English; a
 * question that they cannot read is answered from the cache by the same wording only.
 */
export const isEnglish = (question: string): boolean => {
  const letters = question.normalize("NFKC")
  if (/(?![\p{Script=Latin}])\p{L}/u.test(letters.replace(/[µμΩΔφα-ω]/gu, ""))) return false
  const words = letters.toLowerCase().match(/\p{L}+/gu) ?? []
  return words.some((word) => english.has(word)) && !words.some((word) => foreign.has(word) && !ambiguous.has(word))
}
