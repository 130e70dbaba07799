import type { How } from "../../contract/mode.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { admit } from "../pipeline/admit.ts"
import { analyze } from "../pipeline/analyze.ts"
import { readHow } from "../pipeline/read-how.ts"
import { parseJson, readBody } from "../pipeline/read-body.ts"
import { relay } from "../pipeline/relay.ts"
import type { RelayBody } from "../pipeline/relay.ts"
import { validate } from "../pipeline/validate.ts"
import type { RequestContext } from "../request-context.ts"
import { allowedCandidates } from "../routing/allowed-candidates.ts"
import type { ModelRef } from "../routing/model-ref.ts"
import { AnyChat, readPortableChat } from "../wire/chat-request.ts"
import type { ReadChat } from "../wire/chat-request.ts"
import { dataLine, toChatChunks, toChatCompletion } from "../wire/chat-response.ts"
import { findTopLevelString } from "../wire/find-top-level-string.ts"
import { headHeaders, wholeHeaders } from "./analysis-headers.ts"
import { wholeResponse } from "./analyze.ts"
import { brokenOff, openAiErrorBody } from "./error-response.ts"
import { eventStream } from "./event-stream.ts"

/**
 * `POST /v1/chat/completions`, in OpenAI's format. A model that is named is pinned, and a provider that speaks this
 * format gets the body byte for byte. `auto` (or `voltgate/` before a model's name) takes the whole way through the
 * gateway, with its cache and smaller pictures.
 */
export const postChatCompletions = async (context: RequestContext, gateway: Gateway): Promise<Response> => {
  const bytes = await readBody(context.request, gateway.settings.maxBodyBytes)
  const model = findTopLevelString(bytes, "model")
  const how = readHow(context.request.headers)
  if (model !== undefined && !isOurs(model.value) && how.mode !== "consensus") {
    const { candidates } = allowedFor(model.value, context, gateway)
    if (candidates.every((candidate) => speaksOpenAi(candidate, gateway))) {
      return relay({ bytes, model }, candidates, context, gateway)
    }
  }
  const body = validate(AnyChat, parseJson(bytes))
  const chat = readPortableChat(body)
  if (!("notPortable" in chat)) return answer({ ...chat, ...how }, body.model, context, gateway)
  if (model === undefined) throw new GatewayError("invalid_request", "`model` must be given once, as a string.")
  if (how.mode === "consensus") throw notComparable(chat.notPortable)
  return relayNotPortable({ bytes, model }, chat.notPortable, context, gateway)
}

const notComparable = (fields: readonly string[]): GatewayError =>
  new GatewayError(
    "invalid_request",
    `A consensus compares answers in plain text, so it takes no ${fields.join(", ")}. Leave that out, or choose another mode.`,
    { problems: fields.map((path) => ({ path, message: "Not with the mode consensus." })) },
  )

/** These names ask for the gateway's own work, not for plain forwarding. */
const isOurs = (model: string): boolean => model === "auto" || model.startsWith("voltgate/")

const speaksOpenAi = ({ provider }: ModelRef, { providers }: Gateway): boolean =>
  providers.get(provider)?.relay !== undefined && providers.get(provider)?.wire === "openai"

const allowedFor = (model: string, { caller, request }: RequestContext, gateway: Gateway) =>
  allowedCandidates(
    {
      model,
      restrictions: [
        caller.providers,
        request.headers
          .get("x-voltgate-providers")
          ?.split(",")
          .map((name) => name.trim()),
      ],
    },
    gateway,
  )

/** Fields that only OpenAI's format has reach the provider untouched, so only providers that speak it may answer. */
const relayNotPortable = (
  body: RelayBody,
  fields: readonly string[],
  context: RequestContext,
  gateway: Gateway,
): Promise<Response> => {
  const { candidates } = allowedFor(body.model.value, context, gateway)
  const able = candidates.filter((candidate) => speaksOpenAi(candidate, gateway))
  if (able.length === 0) {
    throw new GatewayError(
      "invalid_request",
      `Only providers that speak OpenAI's format take ${fields.join(", ")} as sent here, and none of those is allowed. Leave that out, or name such a model.`,
      { problems: fields.map((path) => ({ path, message: "Cannot be translated for the providers allowed." })) },
    )
  }
  return relay(body, able, context, gateway)
}

const answer = async (
  chat: ReadChat & How,
  model: string,
  context: RequestContext,
  gateway: Gateway,
): Promise<Response> => {
  const { request } = context
  const question = await admit(
    { ...chat, ...context, model, queryType: "general", headers: request.headers, signal: request.signal },
    gateway,
  )
  const { head, events } = await analyze(question, gateway)
  const createdS = Math.floor(gateway.ports.now() / 1000)
  if (chat.stream) {
    return eventStream(
      toChatChunks(head, events, { createdS, includeUsage: chat.includeUsage }),
      (error) => dataLine(openAiErrorBody(brokenOff(error))),
      headHeaders(head),
    )
  }
  const response = await wholeResponse(events)
  return Response.json(toChatCompletion(response, createdS), { headers: wholeHeaders(head, response) })
}
