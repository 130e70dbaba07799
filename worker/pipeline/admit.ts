import type { AnalyzeRequest } from "../../contract/analyze.ts"
import { readCacheControl } from "../cache/cache-control.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { findQueryType } from "../prompts/find-query-type.ts"
import { allowedCandidates } from "../routing/allowed-candidates.ts"
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
    modelPolicy: policy,
    allowed: candidates,
    cacheControl: readCacheControl(headers.get("cache-control")),
    stream,
    notices,
    signal,
    watch,
  }
}
