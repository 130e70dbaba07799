import type { PurgeResponse } from "../../contract/purge.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { readPurgeRequest } from "../pipeline/read-purge-request.ts"
import type { RequestContext } from "../request-context.ts"

/** What other isolates remember of the cache is this old at most. */
const everywhereWithinS = 30

/**
 * `DELETE /v1/cache`: takes answers out, by what they depend on. A tenant reaches its own alone: both the book of
 * invalidations and the labels in it are named under the tenant's key.
 */
export const deleteCache = async (
  { id, caller, request }: RequestContext,
  { ports, cacheKeys }: Pick<Gateway, "ports" | "cacheKeys">,
): Promise<Response> => {
  const purged = readPurgeRequest(new URL(request.url))
  if (ports.cache === undefined) {
    throw new GatewayError("not_configured", "This gateway has no cache: there is nothing to purge.")
  }
  const [tenant, labels] = await Promise.all([
    cacheKeys.bookOf(caller.tenant),
    purged === "all" ? purged : cacheKeys.hideLabels(caller.tenant, purged),
  ])
  try {
    await ports.cache.invalidate(tenant, labels)
  } catch (cause) {
    ports.log({ message: "cache not purged", requestId: id, error: String(cause) })
    throw new GatewayError("store_unavailable", "The cache's store did not answer, so nothing was purged. Try again.", {
      cause,
      retryAfterS: 5,
    })
  }
  ports.log({ message: "cache purged", requestId: id, tenant: caller.tenant, purged })
  const body: PurgeResponse = { id, purged, everywhereWithinS }
  return Response.json(body, { headers: { "x-voltgate-request-id": id } })
}
