import { buildPrompt, chosenDetail } from "../prompts/build-prompt.ts"
import type { Prompt } from "../providers/provider.ts"
import type { Conversation, Pictured, Prepared } from "./stages.ts"

/** The prompt for this candidate: made for the query type, or the client's own messages as they are. */
export const optimizePrompt = (pictured: Pictured): Prepared => {
  const { question, provider, sentImages: images } = pictured
  const prompt =
    question.conversation === undefined
      ? buildPrompt({ ...question, images }, provider.wire)
      : verbatim(question.conversation, pictured)
  return { ...pictured, prompt }
}

const verbatim = (conversation: Conversation, { question, sentImages: images }: Pictured): Prompt => ({
  ...conversation,
  images,
  detail: chosenDetail(question.detail, question.queryType),
  ...(question.maxOutputTokens === undefined ? {} : { maxOutputTokens: question.maxOutputTokens }),
  ...(question.temperature === undefined ? {} : { temperature: question.temperature }),
})
