import { FeedbackRequest } from "../../contract/feedback.ts"
import type { FeedbackResponse } from "../../contract/feedback.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { parseJson, readBody } from "../pipeline/read-body.ts"
import { shareNews } from "../pipeline/share-news.ts"
import { validate } from "../pipeline/validate.ts"
import type { Rated } from "../ports/request-ledger.ts"
import type { RequestContext } from "../request-context.ts"

const mostBytes = 10_000
/** A score below this says that the answer was wrong: it is not to be served again. */
const wrongBelow = 0.5

/**
 * `POST /v1/feedback`: whether an answer was right. It counts once for each answer, for the accuracy of whoever gave it;
 * a wrong answer leaves the cache.
 */
export const postFeedback = async (context: RequestContext, { ports }: Pick<Gateway, "ports">): Promise<Response> => {
  const { requestId, score } = validate(FeedbackRequest, parseJson(await readBody(context.request, mostBytes)))
  const rated = await rate(context, { requestId, score }, ports)
  const { entry, previous } = rated
  const isNew = previous !== score
  const at = ports.now()
  if (isNew) {
    for (const candidate of entry.candidates) {
      const { queryType } = entry
      ports.board.rated({
        candidate,
        queryType,
        score,
        ...(previous === undefined ? {} : { replaces: previous }),
        at,
      })
    }
    shareNews(ports, at)
  }
  const body: FeedbackResponse = {
    requestId,
    score,
    state: previous === undefined ? "counted" : isNew ? "replaced" : "unchanged",
    candidates: entry.candidates,
    quarantined: isNew && score < wrongBelow && (await quarantine(context, rated, ports)),
  }
  return Response.json(body, { headers: { "x-voltgate-request-id": context.id } })
}

const rate = async (
  { caller, id }: RequestContext,
  { requestId, score }: FeedbackRequest,
  { ledger, log }: Gateway["ports"],
): Promise<Rated> => {
  let rated: Rated | undefined
  try {
    rated = await ledger.rate(caller.tenant, requestId, score)
  } catch (cause) {
    log({ message: "ledger unavailable", requestId: id, error: String(cause) })
    throw new GatewayError("store_unavailable", "Feedback cannot be taken at the moment; send it again in a while.", {
      retryAfterS: 5,
      cause,
    })
  }
  if (rated !== undefined) return rated
  throw new GatewayError(
    "not_found",
    "No request of yours in the last 24 hours has this id. Feedback is taken on answers of /v1/analyze and of chat requests that were not forwarded.",
  )
}

const quarantine = async (
  { id }: RequestContext,
  { entry }: Rated,
  { cache, log }: Gateway["ports"],
): Promise<boolean> => {
  if (cache === undefined || entry.cached === undefined) return false
  try {
    await cache.quarantine(entry.cached)
    return true
  } catch (error) {
    log({ message: "wrong answer not removed from the cache", requestId: id, error: String(error) })
    return false
  }
}
