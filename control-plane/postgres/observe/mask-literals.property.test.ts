import { expect, test } from "vitest"
import { createRandom } from "../weigh/size/random.ts"
import { maskLiterals } from "./mask-literals.ts"

const cases = 5_000
const random = createRandom()
const below = (count: number): number => Math.floor(random() * count)
const oneOf = <T>(all: readonly [T, ...T[]]): T => all[below(all.length)] ?? all[0]
const letters = (count: number, alphabet: string): string =>
  Array.from({ length: count }, () => alphabet[below(alphabet.length)] ?? "").join("")

/** Text that stands nowhere else, whole or in part: its letters are in no name and no keyword here. */
const secretText = (): string => letters(8, "qxzjw")
const secretDigits = (): string => letters(8, "3456789")

interface Piece {
  readonly sql: string
  readonly secrets: readonly string[]
  readonly kept?: string
}

/** What a value may hold that looks like the end of it, or like the begin of something else. */
const odd = (): string => oneOf(["", " ", "\n", "--", "/*", "*/", "$$", '"', "$1", "; DROP", "é", "\\\\", "%", "$a"])

const hidden = (around: (inside: string) => string): Piece => {
  const [first, second] = [secretText(), secretText()]
  return { sql: around(`${odd()}${first}${odd()}${second}${odd()}`), secrets: [first, second] }
}

const number = (around: (digits: string) => string): Piece => {
  const digits = secretDigits()
  return { sql: around(digits), secrets: [digits] }
}

const kept = (sql: string): Piece => ({ sql, secrets: [], kept: sql })

const pieces: readonly [() => Piece, ...(() => Piece)[]] = [
  () => hidden((inside) => `'${inside.replaceAll("'", "''")}'`),
  () => hidden((inside) => `'it''s ${inside}'''`),
  () => hidden((inside) => `'ends in a backslash ${inside}\\'`),
  () => hidden((inside) => `E'\\'${inside}\\\\'`),
  () => hidden((inside) => `e'a''b\\'${inside}'`),
  () => hidden((inside) => `U&'d\\0061t ${inside}'`),
  () => hidden((inside) => `N'${inside}'`),
  () => hidden((inside) => `$tag$ '${inside.replaceAll("$", "")}' $other$ $tag$`),
  () => hidden((inside) => `$$${inside.replaceAll("$", "")}$$`),
  () => hidden((inside) => `-- ${inside.replaceAll("\n", " ")} it's\n`),
  () => hidden((inside) => `/* ${inside.replaceAll(/\/\*|\*\//g, "")} /* nested ' */ more */`),
  () => number((digits) => digits),
  () => number((digits) => `-${digits}.25`),
  () => number((digits) => `0x${digits}`),
  () => number((digits) => `1_${digits}`),
  () => number((digits) => `1.${digits}e10`),
  () => number((digits) => `B'${digits}'`),
  () => number((digits) => `x'${digits}'`),
  () => kept("SELECT"),
  () => kept("customer_id2"),
  () => kept("größe"),
  () => kept('"Odd ""name"" -- /* \' 12"'),
  () => kept("$1"),
  () => kept("(a.b"),
  () => kept("::text)"),
  () => kept("->>"),
  () => kept("e2$"),
]

const statement = (): { readonly sql: string; readonly parts: readonly Piece[] } => {
  const parts = Array.from({ length: 1 + below(12) }, () => oneOf(pieces)())
  return { sql: parts.map(({ sql }) => `${sql}${oneOf([" ", "\n", " , ", " = "])}`).join(""), parts }
}

test(`of ${cases} statements no value survives, and all else does, in its order`, () => {
  for (let at = 0; at < cases; at++) {
    const { sql, parts } = statement()
    const masked = maskLiterals(sql)
    for (const secret of parts.flatMap(({ secrets }) => secrets)) {
      expect(masked.includes(secret), `${secret} of ${JSON.stringify(sql)} in ${JSON.stringify(masked)}`).toBe(false)
    }
    let from = 0
    for (const { kept: text } of parts) {
      if (text === undefined) continue
      const found = masked.indexOf(text, from)
      expect(found, `${text} of ${JSON.stringify(sql)} in ${JSON.stringify(masked)}`).toBeGreaterThanOrEqual(from)
      from = found + text.length
    }
  }
})

test("a statement that was cut anywhere shows no part of a value either", () => {
  for (let at = 0; at < cases; at++) {
    const { sql, parts } = statement()
    const masked = maskLiterals(sql.slice(0, below(sql.length)))
    for (const secret of parts.flatMap(({ secrets }) => secrets)) {
      expect(masked.includes(secret.slice(0, 3)), `${secret} of ${JSON.stringify(sql)}`).toBe(false)
    }
  }
})
