/** Tidies white space that carries no meaning: line ends, trailing blanks, runs of empty lines. Columns inside a line stay. */
export const normalizeText = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
