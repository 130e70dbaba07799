import type { How } from "../../contract/mode.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { admit } from "../pipeline/admit.ts"
import { analyze } from "../pipeline/analyze.ts"
import { readHow } from "../pipeline/read-how.ts"
import { parseJson, readBody } from "../pipeline/read-body.ts"
import { relay } from "../pipeline/relay.ts"
import type { RelayBody } from "../pipeline/relay.ts"
import type { Analysis } from "../pipeline/stages.ts"
import type { Wire } from "../providers/provider.ts"
import type { RequestContext } from "../request-context.ts"
import { allowedCandidates } from "../routing/allowed-candidates.ts"
import type { ModelRef } from "../routing/model-ref.ts"
import { findTopLevelString } from "../wire/find-top-level-string.ts"
import type { AnyChat, NotPortable, PortableChat } from "../wire/portable-chat.ts"

/** A chat format that clients speak, and some providers too. */
export interface ChatFormat {
  readonly wire: Wire
  /** As people know it, e.g. `OpenAI's format`. */
  readonly name: string
  /** Throws with every problem of a body that is wrong in any reading. */
  readonly validate: (body: unknown) => AnyChat
  readonly readPortable: (body: AnyChat) => PortableChat | NotPortable
  readonly respond: (analysis: Analysis, chat: PortableChat, nowMs: number) => Response | Promise<Response>
}

/**
 * A chat request in a client's own format. A model that is named is pinned, and a provider that speaks the format gets
 * the body byte for byte. `auto` (or `voltgate/` before a model's name) takes the whole way through the gateway, with its
 * cache and smaller pictures.
 */
export const answerChat = async (format: ChatFormat, context: RequestContext, gateway: Gateway): Promise<Response> => {
  const bytes = await readBody(context.request, gateway.settings.maxBodyBytes)
  const model = findTopLevelString(bytes, "model")
  const how = readHow(context.request.headers)
  if (model !== undefined && !isOurs(model.value) && how.mode !== "consensus") {
    const { candidates } = allowedFor(model.value, context, gateway)
    if (candidates.every((candidate) => speaks(format, candidate, gateway))) {
      return relay({ bytes, model }, candidates, context, gateway)
    }
  }
  const body = format.validate(parseJson(bytes))
  const chat = format.readPortable(body)
  if (!("notPortable" in chat)) return answer(format, chat, { ...how, model: body.model }, context, gateway)
  if (model === undefined) throw new GatewayError("invalid_request", "`model` must be given once, as a string.")
  if (how.mode === "consensus") throw notComparable(chat.notPortable)
  return relayNotPortable(format, { bytes, model }, chat.notPortable, context, gateway)
}

const notComparable = (fields: readonly string[]): GatewayError =>
  new GatewayError(
    "invalid_request",
    `A consensus compares answers in plain text, so it takes no ${fields.join(", ")}. Leave that out, or choose another mode.`,
    { problems: fields.map((path) => ({ path, message: "Not with the mode consensus." })) },
  )

/** These names ask for the gateway's own work, not for plain forwarding. */
const isOurs = (model: string): boolean => model === "auto" || model.startsWith("voltgate/")

const speaks = ({ wire }: ChatFormat, { provider }: ModelRef, { providers }: Gateway): boolean =>
  providers.get(provider)?.relay !== undefined && providers.get(provider)?.wire === wire

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

/** Fields that only this format has reach the provider untouched, so only providers that speak it may answer. */
const relayNotPortable = (
  format: ChatFormat,
  body: RelayBody,
  fields: readonly string[],
  context: RequestContext,
  gateway: Gateway,
): Promise<Response> => {
  const { candidates } = allowedFor(body.model.value, context, gateway)
  const able = candidates.filter((candidate) => speaks(format, candidate, gateway))
  if (able.length === 0) {
    throw new GatewayError(
      "invalid_request",
      `Only providers that speak ${format.name} take ${fields.join(", ")} as sent here, and none of those is allowed. Leave that out, or name such a model.`,
      { problems: fields.map((path) => ({ path, message: "Cannot be translated for the providers allowed." })) },
    )
  }
  return relay(body, able, context, gateway)
}

const answer = async (
  format: ChatFormat,
  chat: PortableChat,
  how: How & Pick<AnyChat, "model">,
  context: RequestContext,
  gateway: Gateway,
): Promise<Response> => {
  const { headers, signal } = context.request
  const question = await admit({ ...chat, ...how, ...context, queryType: "general", headers, signal }, gateway)
  return format.respond(await analyze(question, gateway), chat, gateway.ports.now())
}
