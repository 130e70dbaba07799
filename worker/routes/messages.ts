import type { Gateway } from "../gateway.ts"
import { validate } from "../pipeline/validate.ts"
import type { RequestContext } from "../request-context.ts"
import { MessagesBody, readPortableMessages } from "../wire/messages-request.ts"
import { messageEvent, toMessage, toMessageEvents } from "../wire/messages-response.ts"
import { headHeaders, wholeHeaders } from "./analysis-headers.ts"
import { wholeResponse } from "./analyze.ts"
import { answerChat } from "./answer-chat.ts"
import type { ChatFormat } from "./answer-chat.ts"
import { anthropicError, brokenOff } from "./error-response.ts"
import { eventStream } from "./event-stream.ts"

/** `POST /v1/messages`, in Anthropic's format. */
export const postMessages = (context: RequestContext, gateway: Gateway): Promise<Response> =>
  answerChat(anthropicFormat, context, gateway)

const anthropicFormat: ChatFormat = {
  wire: "anthropic",
  name: "Anthropic's format",
  validate: (body) => validate(MessagesBody, body),
  readPortable: readPortableMessages,
  respond: async ({ head, events }, { stream }) => {
    if (stream) {
      return eventStream(
        toMessageEvents(head, events),
        (error) => messageEvent("error", anthropicError(brokenOff(error), head.id)),
        headHeaders(head),
      )
    }
    const response = await wholeResponse(events)
    return Response.json(toMessage(response), { headers: wholeHeaders(head, response) })
  },
}
