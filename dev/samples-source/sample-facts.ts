import * as v from "valibot"

export const sampleNames = [
  "wiring-diagram.png",
  "panel-schedule.png",
  "cabinet-photo.jpg",
  "scanned-page.jpg",
  "nameplate.webp",
] as const
/** File name of a sample picture in `dev/samples/`. */
export type SampleName = (typeof sampleNames)[number]

const labelKinds = [
  "breaker",
  "rating",
  "switch",
  "contactor",
  "overload",
  "contact",
  "terminal",
  "wire",
  "pin",
  "line",
  "cable",
  "load",
  "text",
  "value",
  "heading",
  "frame",
] as const
/** What a piece of text says: `line` is a conductor's name (L1, N), `wire` a wire number, `frame` a grid mark of the sheet. */
export type LabelKind = (typeof labelKinds)[number]

/** A piece of text in the upright picture: its box runs from the top of the capitals to the baseline. */
export interface Label {
  readonly text: string
  readonly kind: LabelKind
  readonly leftPx: number
  readonly topPx: number
  readonly widthPx: number
  readonly heightPx: number
  readonly capHeightPx: number
}

/** A breaker that can be read in the picture; what a picture does not tell is absent. */
export interface BreakerFact {
  readonly name: string
  readonly rating: string
  readonly poles: number
  readonly circuit?: string
  readonly loadW?: number
  readonly phases?: string
}

/** What is true of a sample picture. Sizes are upright, that is after its EXIF orientation was applied. */
export interface SampleFacts {
  readonly shows: string
  readonly look: "line_art" | "table" | "photo" | "scan" | "nameplate"
  readonly format: "png" | "jpeg" | "webp"
  readonly widthPx: number
  readonly heightPx: number
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number
  readonly hasAlpha: boolean
  /** Channels as stored, alpha included. */
  readonly channels: number
  /** How many different things of a kind can be counted, e.g. `contactors: 3`. */
  readonly counts: Readonly<Record<string, number>>
  /** Single facts by name, e.g. `Serial number`. */
  readonly values: Readonly<Record<string, string>>
  readonly breakers: readonly BreakerFact[]
  readonly labels: readonly Label[]
}

export type Facts = Readonly<Record<SampleName, SampleFacts>>

const pixels = v.pipe(v.number(), v.minValue(0))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const text = v.pipe(v.string(), v.nonEmpty())

const Label: v.GenericSchema<unknown, Label> = v.strictObject({
  text,
  kind: v.picklist(labelKinds),
  leftPx: pixels,
  topPx: pixels,
  widthPx: pixels,
  heightPx: pixels,
  capHeightPx: pixels,
})

const BreakerFact: v.GenericSchema<unknown, BreakerFact> = v.strictObject({
  name: text,
  rating: text,
  poles: count,
  circuit: v.exactOptional(text),
  loadW: v.exactOptional(count),
  phases: v.exactOptional(text),
})

const SampleFacts: v.GenericSchema<unknown, SampleFacts> = v.strictObject({
  shows: text,
  look: v.picklist(["line_art", "table", "photo", "scan", "nameplate"]),
  format: v.picklist(["png", "jpeg", "webp"]),
  widthPx: count,
  heightPx: count,
  orientation: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
  hasAlpha: v.boolean(),
  channels: count,
  counts: v.record(text, count),
  values: v.record(text, text),
  breakers: v.array(BreakerFact),
  labels: v.array(Label),
})

export const Facts: v.GenericSchema<unknown, Facts> = v.strictObject({
  "wiring-diagram.png": SampleFacts,
  "panel-schedule.png": SampleFacts,
  "cabinet-photo.jpg": SampleFacts,
  "scanned-page.jpg": SampleFacts,
  "nameplate.webp": SampleFacts,
})

/** The text of `facts.json`: as JSON, but with each label and breaker on one line, so that a change is one line of a diff. */
export const factsAsJson = (facts: Facts): string => {
  const inlined: string[] = []
  const marked = JSON.stringify(
    facts,
    (key, value: unknown) => {
      if (key !== "labels" && key !== "breakers") return value
      if (!Array.isArray(value)) return value
      return value.map((item) => `@${inlined.push(JSON.stringify(item)) - 1}@`)
    },
    2,
  )
  return `${marked.replaceAll(/"@(\d+)@"/g, (_, index: string) => inlined[Number(index)] ?? "")}\n`
}
