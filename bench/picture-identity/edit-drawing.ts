import type { Label } from "../../dev/samples-source/sample-facts.ts"
import type { Sheet } from "../../dev/samples-source/sheet.ts"
import { textAsSvg } from "../../dev/samples-source/stroke-font.ts"

export type EditKind = "digit" | "value" | "revision" | "wire"

/** A small change of a drawing that makes it say something else. */
export interface Edit {
  readonly kind: EditKind
  /** For people, e.g. `Q3 → Q8`. */
  readonly what: string
  /** Takes and gives the drawing's SVG document. */
  readonly apply: (svg: string) => string
}

/** The character that looks most like another one, so that the change is as hard to see as such a change can be. */
const lookAlikes: Readonly<Record<string, string>> = {
  0: "8",
  1: "7",
  2: "7",
  3: "8",
  4: "9",
  5: "6",
  6: "8",
  7: "1",
  8: "3",
  9: "8",
}

/** Every change that the drawing's labels and lines allow, in their order. */
export const editsOf = (sheet: Sheet): readonly Edit[] => [
  ...sheet.labels.flatMap((label, index) => labelEdits(label, index)),
  ...lineEdits(sheet.document()),
]

const labelEdits = (label: Label, index: number): readonly Edit[] => {
  const edits: Edit[] = []
  const to = (kind: EditKind, text: string): void =>
    void edits.push({ kind, what: `${label.text} → ${text}`, apply: (svg) => rewriteLabel(svg, index, label, text) })
  const digit = label.text.search(/\d(?!.*\d)/)
  if (digit >= 0) to("digit", replaced(label.text, digit, lookAlikes[label.text[digit] ?? ""] ?? "8"))
  if (label.kind === "rating" || label.kind === "value") {
    const first = label.text.search(/[1-9]/)
    if (first >= 0) to("value", replaced(label.text, first, `${(Number(label.text[first]) % 9) + 1}`))
  }
  const revision = /Rev\. ([A-Z])/.exec(label.text)
  if (revision !== null)
    for (const letter of "CDEPR") to("revision", label.text.replace(/Rev\. [A-Z]/, `Rev. ${letter}`))
  return edits
}

const replaced = (text: string, at: number, character: string): string =>
  text.slice(0, at) + character + text.slice(at + 1)

/** How `Sheet.document` writes a label; the groups stand in the order of `Sheet.labels`. */
const labelGroups = /<g stroke="[^"]*"><g transform="translate\([^>]*>(.*?)<\/g><\/g>/g

const rewriteLabel = (svg: string, index: number, { capHeightPx }: Label, text: string): string => {
  let place = 0
  return svg.replace(labelGroups, (group, strokes: string) => {
    if (place++ !== index) return group
    const [, rewritten = ""] = /^<g [^>]*>(.*)<\/g>$/.exec(textAsSvg(text, 0, 0, capHeightPx, 1)) ?? []
    return group.replace(strokes, rewritten)
  })
}

const polylines = /<polyline points="[^"]*"[^>]*\/>/g

/** A line taken away, and the next one moved aside by a few times its own width. */
const lineEdits = (svg: string): readonly Edit[] =>
  Array.from(svg.matchAll(polylines), ([line], index): Edit => {
    const isMoved = index % 2 === 1
    const instead = isMoved ? `<g transform="translate(9 0)">${line}</g>` : ""
    return {
      kind: "wire",
      what: `line ${index} ${isMoved ? "moved" : "removed"}`,
      apply: (drawing) => drawing.replace(line, instead),
    }
  })
