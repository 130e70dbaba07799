const mostCharacters = 300
const mask = "•••"

/**
 * Text that a server or a driver gave us, fit to be shown: on one line, without anything that a terminal would obey,
 * without any of our secrets (as they are, or percent-encoded), and not long.
 */
export const showForeign = (text: string, secrets: readonly string[]): string => {
  const hidden = secrets
    .filter((secret) => secret !== "")
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, mask), text)
  const line = hidden
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
  return line.length <= mostCharacters ? line : `${line.slice(0, mostCharacters).trimEnd()} …`
}
