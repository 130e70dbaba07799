/** The words before the first option: `FILE --json` as the words `FILE` and the options `--json`. */
export const leadingWords = (
  args: readonly string[],
): { readonly words: readonly string[]; readonly options: readonly string[] } => {
  const first = args.findIndex((arg) => arg.startsWith("-") && arg !== "-")
  return first < 0 ? { words: args, options: [] } : { words: args.slice(0, first), options: args.slice(first) }
}
