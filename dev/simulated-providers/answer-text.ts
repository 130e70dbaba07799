import { fillSchema } from "./schema-answer.ts"
import type { Asked, SeenPicture, Wire } from "./wire.ts"

const quotedCharacters = 600

const count = (value: number): string => value.toLocaleString("en-US")
const plural = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? "" : "s"}`

const describePicture = (picture: SeenPicture, index: number): string =>
  `Picture ${index + 1}: ${picture.format.toUpperCase()}, ${picture.widthPx} × ${picture.heightPx} px, ` +
  `${plural(picture.sizeBytes, "byte")}, ${plural(picture.tokens, "token")}.`

const quote = (text: string): string =>
  text.length <= quotedCharacters ? text : `${Array.from(text).slice(0, quotedCharacters).join("")} …`

const promptLength = (asked: Asked): number => asked.system.length + asked.texts.join("").length

/** Says first that nobody looked, then what really arrived, so that a newcomer sees what the gateway did. */
const describe = (wire: Wire, asked: Asked): string =>
  [
    `This is a simulated answer from ${wire}, model ${asked.model}: no model has looked at anything.`,
    `What arrived: ${plural(asked.pictures.length, "picture")} and ${plural(promptLength(asked), "character")} of prompt, ` +
      `${count(asked.system.length)} of them system.`,
    ...asked.pictures.map(describePicture),
    asked.question === "" ? "No question arrived." : `The question, as it arrived: ${quote(asked.question)}`,
  ].join("\n")

const notice = (wire: Wire, asked: Asked): string =>
  `Simulated answer from ${wire}, model ${asked.model}: ${plural(asked.pictures.length, "picture")} and ` +
  `${plural(promptLength(asked), "character")} of prompt arrived.`

/** The text of an answer: a description of the request, or JSON that obeys its schema with the notice in it. */
export const answerText = (wire: Wire, asked: Asked, random: () => number): string =>
  asked.schema === undefined
    ? describe(wire, asked)
    : JSON.stringify(fillSchema(asked.schema, notice(wire, asked), random), null, 1)
