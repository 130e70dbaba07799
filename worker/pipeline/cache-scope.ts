import type { PictureTier } from "../../contract/record.ts"
import type { CacheScope } from "../cache/cache-key.ts"
import { promptName } from "./prompt-name.ts"
import type { Conversation, Question } from "./stages.ts"

/** All that has to be equal for this question's answer to serve another. */
export const cacheScope = (
  question: Question,
  pictures: readonly string[],
  pictureTier: PictureTier,
  embedder: string,
): CacheScope => {
  const { caller, queryType, conversation, modelPolicy, cacheWishes } = question
  const { detail, maxOutputTokens, temperature, language } = question
  const { key, namespace } = cacheWishes
  return {
    tenant: caller.tenant,
    modelPolicy,
    prompt: promptName(question),
    queryType: queryType.name,
    schema: conversation?.schema ?? queryType.schema,
    parameters: {
      detail,
      maxOutputTokens,
      temperature,
      language,
      topP: conversation?.topP,
      stop: conversation?.stop,
    },
    conversation: conversation === undefined || key !== undefined ? undefined : withoutQuestion(conversation),
    pictures: key === undefined ? pictures : [],
    pictureTier,
    embedder,
    ...(namespace === undefined ? {} : { namespace }),
    ...(key === undefined ? {} : { key }),
  }
}

/** The question's own text is compared by its canonical form; everything around it must be equal. */
const withoutQuestion = ({ system, turns }: Conversation): unknown => {
  const last = turns.at(-1)
  return {
    system,
    before: turns.slice(0, -1),
    around: last?.parts.map((part) => (part.type === "text" ? "text" : part)),
  }
}
