import { list, number, numberOrNull, oneOf, record, text, textOrNull } from "./query-type.ts"
import type { QueryType } from "./query-type.ts"

const careful =
  "Answer only from what the pictures show. Where something cannot be read or is not there, say so; never guess."

/** The type of a question that names none. */
export const general: QueryType = {
  name: "general",
  version: 1,
  summary: "Any question about the pictures.",
  instructions: `You answer questions about pictures. ${careful} Be brief.`,
  reads: "text",
  detail: "auto",
  maxOutputTokens: 1024,
  temperature: 0.2,
  perceptualCache: false,
}

/** Query types for any kind of picture. */
export const generalTypes: readonly QueryType[] = [
  general,
  {
    name: "describe",
    version: 1,
    summary: "Describe what is to be seen.",
    instructions: `You describe pictures for someone who cannot see them: subject first, then layout, then details that matter. ${careful}`,
    reads: "scene",
    detail: "auto",
    maxOutputTokens: 1024,
    temperature: 0.3,
    perceptualCache: true,
  },
  {
    name: "ocr",
    version: 1,
    summary: "Copy out all the text, as written.",
    instructions:
      "You copy text out of pictures exactly as written: same spelling, symbols, case and line breaks, in reading order. " +
      "Put [?] for each character that cannot be read. Add nothing.",
    reads: "text",
    detail: "auto",
    maxOutputTokens: 8192,
    temperature: 0,
    perceptualCache: false,
  },
  {
    name: "classify",
    version: 1,
    summary: "Sort a picture into one of the categories that the question names.",
    instructions: `You sort pictures into the categories that the question names, or the most fitting one where it names none. ${careful}`,
    schema: record({ category: text, confidence: number, reason: text }),
    reads: "scene",
    detail: "auto",
    maxOutputTokens: 256,
    temperature: 0,
    perceptualCache: true,
  },
  {
    name: "count",
    version: 1,
    summary: "Count things.",
    instructions: `You count things in pictures. List each thing that you count with where it is, then give the total. ${careful}`,
    schema: record({ count: number, items: list(text), uncertain: text }),
    reads: "text",
    detail: "auto",
    maxOutputTokens: 2048,
    temperature: 0,
    perceptualCache: false,
  },
  {
    name: "measure",
    version: 1,
    summary: "Read sizes, distances and instruments.",
    instructions: `You read sizes, distances and instruments in pictures. Give each value with its unit as written and what it was read from. ${careful}`,
    schema: record({
      measurements: list(record({ what: text, value: numberOrNull, unit: textOrNull, readFrom: text })),
    }),
    reads: "text",
    detail: "auto",
    maxOutputTokens: 1024,
    temperature: 0,
    perceptualCache: false,
  },
  {
    name: "table",
    version: 1,
    summary: "Copy a table out as rows and columns.",
    instructions: `You copy tables out of pictures: column headings once, then every row in order, each cell as written; an empty cell is "". ${careful}`,
    schema: record({ tables: list(record({ title: textOrNull, columns: list(text), rows: list(list(text)) })) }),
    reads: "text",
    detail: "auto",
    maxOutputTokens: 8192,
    temperature: 0,
    perceptualCache: false,
  },
  {
    name: "compare",
    version: 1,
    summary: "Tell what differs between pictures.",
    instructions: `You compare pictures and list what differs, naming the picture by its number and the place within it. ${careful}`,
    schema: record({
      same: { type: "boolean" },
      differences: list(record({ where: text, first: text, second: text, importance: oneOf("high", "medium", "low") })),
    }),
    reads: "text",
    detail: "auto",
    maxOutputTokens: 2048,
    temperature: 0,
    perceptualCache: false,
  },
]
