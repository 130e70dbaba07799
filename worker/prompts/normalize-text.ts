/** Tidies white space that carries no meaning: line ends, trailing blanks, runs of empty lines. Columns inside a line stay. */
export const normalizeText = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    // Not by a regular expression that ends in `+$`: on a long run of blanks inside a line it takes quadratic time.
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
