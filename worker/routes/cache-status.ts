import type { Lane } from "../../contract/lanes.ts"
import type { CacheStatus, LaneStatus } from "../../contract/status.ts"
import { lookupsOf } from "../cache/audit/lane-book.ts"
import { errorLimit } from "../cache/audit/lane-state.ts"
import type { Gateway } from "../gateway.ts"
import type { RequestContext } from "../request-context.ts"

/** The cache's section of the status: the asking tenant's lanes as all isolates see them. */
export const cacheStatus = async (
  { id, caller }: Pick<RequestContext, "id" | "caller">,
  { ports }: Pick<Gateway, "ports">,
): Promise<CacheStatus> => {
  const { lanes, log } = ports
  if (lanes === undefined) return { unavailable: "Nothing is counted here." }
  try {
    const book = await lanes.status(caller.tenant)
    return {
      judged: book.judged,
      lanes: Object.fromEntries(Object.entries(book.lanes).map(([type, lane]) => [type, laneStatus(lane)])),
    }
  } catch (error) {
    log({ message: "lanes unavailable", requestId: id, error: String(error) })
    return { unavailable: "What keeps the counts does not answer; ask again in a moment." }
  }
}

const laneStatus = ({ counts, open, audited, wrong, auditedEver, wrongEver, changedAt }: Lane): LaneStatus => ({
  lookups: lookupsOf({ counts }),
  byState: counts,
  near: {
    open,
    since: new Date(changedAt).toISOString(),
    audited,
    wrong,
    errorLimit95: errorLimit({ audited, wrong }),
    auditedEver,
    wrongEver,
  },
})
