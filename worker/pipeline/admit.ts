import type { AnalyzeRequest } from "../../contract/analyze.ts"
import { consensusSize } from "../../contract/mode.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { findQueryType } from "../prompts/find-query-type.ts"
import { allowedCandidates } from "../routing/allowed-candidates.ts"
import { modelId } from "../routing/model-ref.ts"
import { readCacheHeaders } from "./read-cache-headers.ts"
import { receiveImages } from "./receive-images.ts"
import type { ImageSource } from "./receive-images.ts"
import type { Caller, Conversation, Question } from "./stages.ts"
import type { Stopwatch } from "./stopwatch.ts"

/** A request that is understood, whatever format it came in. */
export interface Asked extends Omit<AnalyzeRequest, "images"> {
  readonly id: string
  readonly endpoint: string
  readonly caller: Caller
  readonly images: readonly ImageSource[]
  readonly conversation?: Conversation
  readonly headers: Pick<Headers, "get">
  readonly signal: AbortSignal
  readonly watch: Stopwatch
}

/** Lets a request in: its caller may ask this of these providers, and every picture is readable and within the limits. */
export const admit = async (asked: Asked, gateway: Gateway): Promise<Question> => {
  const { id, endpoint, caller, conversation, headers, signal, watch, query, detail, stream } = asked
  const { queryType, notices } = findQueryType(asked.queryType)
  if (caller.queryTypes !== undefined && !caller.queryTypes.includes(queryType.name)) {
    throw new GatewayError(
      "not_allowed",
      `This key may not ask questions of the type "${queryType.name}"; it may ask: ${caller.queryTypes.join(", ")}.`,
    )
  }
  const named = headers
    .get("x-voltgate-providers")
    ?.split(",")
    .map((name) => name.trim())
  const { candidates, policy } = allowedCandidates(
    { model: asked.model, restrictions: [asked.providers, named, caller.providers] },
    gateway,
  )
  const mode = asked.mode ?? gateway.settings.mode
  const votes = mode === "consensus" ? (asked.consensus ?? consensusSize.usual) : 1
  if (votes > candidates.length) {
    throw new GatewayError(
      "invalid_request",
      `A consensus of ${votes} needs as many candidates, and this request allows ${candidates.length}: ${candidates.map(modelId).join(", ")}. Ask fewer with \`consensus\`, or allow more.`,
      { problems: [{ path: "consensus", message: `At most ${candidates.length} here.` }] },
    )
  }
  const cacheWishes = readCacheHeaders(headers)
  const images = await watch.time("receive", () => receiveImages(asked.images, signal, gateway))
  return {
    id,
    endpoint,
    caller,
    query,
    queryType,
    ...(conversation === undefined ? {} : { conversation }),
    images,
    detail,
    ...(asked.maxOutputTokens === undefined ? {} : { maxOutputTokens: asked.maxOutputTokens }),
    ...(asked.temperature === undefined ? {} : { temperature: asked.temperature }),
    ...(asked.language === undefined ? {} : { language: asked.language }),
    mode,
    votes,
    maxWaitMs: asked.maxWaitMs ?? gateway.settings.maxWaitMs,
    modelPolicy: votes > 1 ? `consensus of ${votes}:${policy}` : policy,
    allowed: candidates,
    cacheWishes,
    stream,
    notices,
    signal,
    watch,
  }
}
