import type { ProviderState } from "../../../durable-objects/provider-state.ts"
import type { CandidateView, Observation, Snapshot } from "../../../contract/provider-board.ts"
import { reportLimits } from "../../../contract/provider-board.ts"
import type { ProviderBoard } from "../../ports/provider-board.ts"
import { applyReport, emptyBook, snapshotOf } from "../../routing/book.ts"
import { createFlightCounter } from "../flight-counter.ts"

/** One isolate's snapshot is at most this old while there is traffic. */
const syncEveryMs = 1_000
/** Isolates must not all sync at once. */
const syncJitterMs = 1_000
const deadlineMs = 2_000
const longestBackOffMs = 15_000
const objectName = "default"

export interface CloudflareBoardOptions {
  readonly now: () => number
  readonly random: () => number
  /** Names this isolate in its reports. */
  readonly isolate: string
}

/**
 * The board of one isolate. It lives across requests and holds plain data only, because Workers forbid one request to
 * wait for another's I/O: a stub is made for each sync, and only the request that started a sync awaits it.
 */
export const createCloudflareProviderBoard = (
  namespace: Pick<DurableObjectNamespace<ProviderState>, "idFromName" | "get">,
  { now, random, isolate }: CloudflareBoardOptions,
): ProviderBoard => {
  const flights = createFlightCounter()
  /** What this isolate saw itself: it may send a candidate to rest without asking the object. */
  let own = emptyBook
  let shared: Snapshot = { at: 0, candidates: {} }
  let pending: readonly Observation[] = []
  let nextSyncAt = 0
  let backOffMs = syncEveryMs

  const note = (observation: Observation | undefined): void => {
    if (observation === undefined) return
    own = applyReport(own, { isolate, inFlight: {}, observations: [observation] }, now())
    pending = [...pending, observation].slice(-reportLimits.observations)
  }

  const exchange = async (): Promise<void> => {
    const sent = pending
    const report = { isolate, inFlight: flights.gauge(), observations: sent }
    const snapshot = await beforeDeadline(namespace.get(namespace.idFromName(objectName)).sync(report))
    shared = snapshot
    const acknowledged = new Set(sent)
    pending = pending.filter((observation) => !acknowledged.has(observation))
  }

  return {
    snapshot: (at) => withOwnRests(shared, snapshotOf(own, at, isolate)),
    inFlightHere: flights.count,
    began: (candidate) => flights.began(candidate, note),
    sync: async (at) => {
      if (at < nextSyncAt) return
      // Said before the call, not after: a request that dies in mid-sync must not keep the others from syncing.
      nextSyncAt = at + deadlineMs + syncEveryMs
      try {
        await exchange()
        backOffMs = syncEveryMs
        nextSyncAt = at + syncEveryMs + random() * syncJitterMs
      } catch {
        // The news stay pending; selection goes on from the last snapshot.
        backOffMs = Math.min(longestBackOffMs, backOffMs * 2)
        nextSyncAt = now() + backOffMs
      }
    },
  }
}

/** An isolate may begin a rest at once; that one is over is for the object to say, or for the clock. */
const withOwnRests = (shared: Snapshot, own: Snapshot): Snapshot => ({
  at: shared.at,
  candidates: {
    ...own.candidates,
    ...Object.fromEntries(Object.entries(shared.candidates).map(([id, view]) => [id, laterRest(view, own.candidates[id])])),
  },
})

const laterRest = (view: CandidateView, own: CandidateView | undefined): CandidateView =>
  own === undefined || own.restUntil <= view.restUntil
    ? view
    : {
        ...view,
        restUntil: own.restUntil,
        ...(own.restReason === undefined ? {} : { restReason: own.restReason }),
      }

const beforeDeadline = async <T>(work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${deadlineMs} ms.`)), deadlineMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
