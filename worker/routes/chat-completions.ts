import type { Gateway } from "../gateway.ts"
import { validate } from "../pipeline/validate.ts"
import type { RequestContext } from "../request-context.ts"
import { ChatBody, readPortableChat } from "../wire/chat-request.ts"
import { dataLine, toChatChunks, toChatCompletion } from "../wire/chat-response.ts"
import { headHeaders, wholeHeaders } from "./analysis-headers.ts"
import { wholeResponse } from "./analyze.ts"
import { answerChat } from "./answer-chat.ts"
import type { ChatFormat } from "./answer-chat.ts"
import { brokenOff, openAiErrorBody } from "./error-response.ts"
import { eventStream } from "./event-stream.ts"

/** `POST /v1/chat/completions`, in OpenAI's format. */
export const postChatCompletions = (context: RequestContext, gateway: Gateway): Promise<Response> =>
  answerChat(openAiFormat, context, gateway)

const openAiFormat: ChatFormat = {
  wire: "openai",
  name: "OpenAI's format",
  validate: (body) => validate(ChatBody, body),
  readPortable: readPortableChat,
  respond: async ({ head, events }, { stream, includeUsage }, nowMs) => {
    const createdS = Math.floor(nowMs / 1000)
    if (stream) {
      return eventStream(
        toChatChunks(head, events, { createdS, includeUsage }),
        (error) => dataLine(openAiErrorBody(brokenOff(error))),
        headHeaders(head),
      )
    }
    const response = await wholeResponse(events)
    return Response.json(toChatCompletion(response, createdS), { headers: wholeHeaders(head, response) })
  },
}
