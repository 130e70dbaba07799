import type { ComparedColumn, Hints } from "./parameter-hints.ts"
import { as, isNode } from "./syntax-tree.ts"
import type { Node } from "./syntax-tree.ts"

/**
 * Ways to fill in a statement's parameters: where among a column's values, from the commonest at 0 to the rarest (or latest) at 1, those
 * lie that are equal to something, and the others. Programs ask for what there is much of, for what is new, and for what is rare.
 */
export const variants = [
  { equal: 0, other: 1 },
  { equal: 0.5, other: 0.5 },
  { equal: 1, other: 1 },
  { equal: 0, other: 0 },
  { equal: 1, other: 0.5 },
] as const satisfies readonly Variant[]

interface Variant {
  readonly equal: number
  readonly other: number
}

/** The constant in place of a parameter; undefined for any other node. */
export const constantFor = (node: Node, hints: Hints, variant: Variant): unknown => {
  const number = as(node, "ParamRef")?.["number"]
  if (typeof number !== "number") return undefined
  const hint = hints.get(number)
  if (hint === "limit") return { A_Const: { ival: { ival: 20 } } }
  if (hint === "field") return text("epoch")
  if (hint === undefined) return text("1")
  return sampleConstant(hint, variant)
}

/** What nearly all rows have is seldom asked for: a condition that leaves out little is seldom written. */
export const likelihoodOf = (hints: Hints, variant: Variant): number => {
  let product = 1
  for (const hint of hints.values()) {
    if (typeof hint === "string" || hint.operator !== "=") continue
    const share = hint.column.shares[placeOf(hint.column.samples, variant.equal)]
    product *= Math.max(leastLikely, 1 - (share ?? 0))
  }
  return product
}
const leastLikely = 0.01

const placeOf = (samples: readonly string[], place: number): number => Math.round(place * (samples.length - 1))

const text = (value: string): unknown => ({ A_Const: { sval: { sval: value } } })

const sampleConstant = ({ column, operator, field }: ComparedColumn, { equal, other }: Variant): unknown => {
  const { samples, type, category } = column
  const place = operator === "=" ? equal : other
  const sample = samples[placeOf(samples, place)] ?? neutral(type, category)
  if (field !== undefined) return text(fieldOf(sample, field))
  if (operator === "~~" || operator === "~~*") return text(beginningOf(sample))
  if (type === "jsonb" && (operator === "@>" || operator === "<@")) return text(onePart(sample, place))
  if (operator === "?" || operator === "->" || operator === "->>") return text("x")
  return text(sample)
}

const fieldOf = (document: string, field: string): string => {
  const part = parseFields(document)[field]
  return typeof part === "string" ? part : part === undefined ? "1" : JSON.stringify(part)
}

const parseFields = (document: string): Node => {
  try {
    const value: unknown = JSON.parse(document)
    return isNode(value) ? value : {}
  } catch {
    return {}
  }
}

/**
 * What contains or begins with something is estimated by how many of the statistics' own values do: one of those stands for a
 * hundredth of the rows. Another one, the same but for its last character, stands for what is asked for by name.
 */
const alienate = (value: string): string => {
  const last = value.at(-1) ?? ""
  return (
    value.slice(0, -1) +
    (last === "9" || last === "z" || last === "Z" ? "0" : String.fromCodePoint((last.codePointAt(0) ?? 47) + 1))
  )
}

const beginningOf = (sample: string): string => {
  const beginning = sample.slice(0, Math.max(3, Math.min(12, Math.ceil((2 / 3) * sample.length))))
  return `${alienate(beginning).replaceAll(/[%_\\]/g, "")}%`
}

/** Nobody asks for a whole document: one of its fields. */
const onePart = (document: string, place: number): string => {
  const fields = Object.entries(parseFields(document))
  const field = fields[Math.round(place * (fields.length - 1))]
  if (field === undefined) return "{}"
  const [name, part] = field
  return JSON.stringify({ [name]: typeof part === "string" ? alienate(part) : part })
}

/** A value of the type where the statistics know none: text constants take the type of what they are compared with. */
const neutral = (type: string, category: string): string => {
  if (category === "D") return type.startsWith("time ") ? "12:00" : "2026-01-01"
  if (category === "B") return "true"
  if (category === "T") return "1 day"
  if (category === "A") return "{}"
  if (type === "uuid") return "00000000-0000-4000-8000-000000000000"
  return type === "jsonb" || type === "json" ? "{}" : "1"
}
