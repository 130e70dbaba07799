import type { Question } from "./stages.ts"

/** Template and version, or `verbatim` where the client's own messages are sent. */
export const promptName = ({ conversation, queryType }: Pick<Question, "conversation" | "queryType">): string =>
  conversation === undefined ? `${queryType.name}@${queryType.version}` : "verbatim"
