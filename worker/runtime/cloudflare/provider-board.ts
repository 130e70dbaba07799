import type { AuditEntry, Directive, Directives } from "../../../contract/directives.ts"
import type { Observation, Rating, Snapshot } from "../../../contract/provider-board.ts"
import { reportLimits } from "../../../contract/provider-board.ts"
import type { ProviderBoard } from "../../ports/provider-board.ts"
import type { Ports } from "../../ports/ports.ts"
import {
  isAlone,
  makeReport,
  reportable,
  reportableRating,
  withNews,
  withRating,
  withoutOthers,
  withoutUsedProbes,
} from "../../routing/local-news.ts"
import { isAbout, withoutTarget } from "../../routing/directives.ts"
import { createFlightCounter } from "../flight-counter.ts"
import { beforeDeadline } from "./before-deadline.ts"

/**
 * The next sync comes 1 to 2 s after the last. With the beat of 2 s that a waiting request keeps, every such beat then
 * reports, well within the gauge's lease of 5 s.
 */
const syncEveryMs = 1_000
/** Isolates must not all sync at once. */
const syncJitterMs = 1_000
const deadlineMs = 2_000
const longestBackOffMs = 15_000

/** What the board needs of the Durable Object's namespace. */
export interface ProviderStateNamespace<Id> {
  readonly idFromName: (name: string) => Id
  readonly get: (id: Id) => {
    readonly sync: (report: unknown) => Promise<Snapshot>
    readonly order: (order: unknown) => Promise<Directives>
    readonly audit: () => Promise<readonly AuditEntry[]>
  }
}

export interface CloudflareBoardOptions {
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Isolates of one region share one object, and regions do not share speed, load and breakers. Absent: one for all. */
  readonly region?: string
  /** Names this isolate in its reports; 1 to 64 characters. */
  readonly isolate: string
  /** Told when sharing fails, and how many observations were dropped because too many waited. */
  readonly log?: Ports["log"]
}

/**
 * The board of one isolate. It lives across requests and holds plain data only, because Workers forbid one request to
 * wait for another's I/O: a stub is made for each sync, and only the request that started a sync awaits it.
 */
export const createCloudflareProviderBoard = <Id = DurableObjectId>(
  namespace: ProviderStateNamespace<Id>,
  { now, random, isolate, region, log }: CloudflareBoardOptions,
): ProviderBoard => {
  const flights = createFlightCounter()
  /** The last shared snapshot with all pending news in it. */
  let known: Snapshot = { at: 0, candidates: {} }
  /** News that nobody has asked about yet, oldest first. */
  let unread: Observation[] = []
  let receivedAt = Number.NEGATIVE_INFINITY
  /** Not yet acknowledged, oldest first. */
  let pending: Observation[] = []
  let pendingRatings: Rating[] = []
  let directives: readonly Directive[] = []
  /** How many orders this isolate has passed on. */
  let orders = 0
  let dropped = 0
  let nextSyncAt = 0
  let backOffMs = syncEveryMs

  /** Keeps news until somebody asks: where requests name their models, nobody does before the next sync. */
  const note = (observation: Observation): void => {
    unread.push(observation)
    if (unread.length < 2 * reportLimits.observations) return
    unread = unread.slice(-reportLimits.observations)
    dropped += reportLimits.observations
  }

  /** Works the news into the snapshot, and into the next report. */
  const catchUp = (at: number): void => {
    for (const observation of unread) {
      const news = reportable(observation)
      if (news === undefined) {
        dropped++
        continue
      }
      known = withNews(known, news, at)
      pending.push(news)
    }
    unread = []
    if (pending.length <= reportLimits.observations) return
    dropped += pending.length - reportLimits.observations
    pending = pending.slice(-reportLimits.observations)
  }

  const rate = (rating: Rating): void => {
    const news = reportableRating(rating)
    if (news === undefined || pendingRatings.length >= reportLimits.ratings) {
      dropped++
      return
    }
    known = withRating(known, news)
    pendingRatings.push(news)
  }

  const object = () => namespace.get(namespace.idFromName(region === undefined ? "default" : `region:${region}`))

  const exchange = async (): Promise<void> => {
    catchUp(now())
    const ordersBefore = orders
    const report = makeReport(isolate, flights.gauge(), pending, pendingRatings)
    const shared = await beforeDeadline(object().sync(report), deadlineMs)
    const acknowledged = new Set<unknown>([...report.observations, ...(report.ratings ?? [])])
    pending = pending.filter((observation) => !acknowledged.has(observation))
    pendingRatings = pendingRatings.filter((rating) => !acknowledged.has(rating))
    // An order that was given meanwhile may not be in this snapshot; the next one has it.
    if (orders !== ordersBefore) return
    receivedAt = now()
    directives = shared.directives ?? []
    known = pendingRatings.reduce(
      withRating,
      pending.reduce((snapshot, news) => withNews(snapshot, news, receivedAt), shared),
    )
  }

  const tellDropped = (line: Readonly<Record<string, unknown>>): void => {
    log?.({ ...line, pending: pending.length, dropped })
    dropped = 0
  }

  const snapshot = (at: number): Snapshot => {
    catchUp(at)
    return withoutUsedProbes(withoutOthers(known, receivedAt, at), flights.usedProbes)
  }

  /** Leases are handed out by the object, and news change none; without the object it takes the whole snapshot to tell. */
  const probeUntil = (candidate: string, at: number): number | undefined =>
    (isAlone(receivedAt, at) ? snapshot(at) : known).candidates[candidate]?.probeUntil

  const share = async (at: number): Promise<void> => {
    // Said before the call, not after: a request that dies in mid-sync must not keep the others from syncing.
    nextSyncAt = at + deadlineMs + syncEveryMs
    try {
      await exchange()
      backOffMs = syncEveryMs
      nextSyncAt = at + syncEveryMs + random() * syncJitterMs
      if (dropped > 0) tellDropped({ message: "provider news dropped" })
    } catch (error) {
      // The news stay pending; selection goes on from what is known here.
      backOffMs = Math.min(longestBackOffMs, backOffMs * 2)
      nextSyncAt = now() + backOffMs
      tellDropped({ message: "provider news not shared", error: String(error), retryMs: backOffMs })
    }
  }

  return {
    snapshot,
    inFlightHere: flights.count,
    began: (candidate) => flights.began(candidate, probeUntil(candidate, now()), note),
    rated: rate,
    directives: (at) => (directives.length === 0 ? directives : directives.filter(({ until }) => until > at)),
    order: async (order) => {
      const all = await beforeDeadline(object().order(order), deadlineMs)
      orders++
      directives = all.standing
      if (order.action === "reset") {
        catchUp(now())
        pending = pending.filter(({ candidate }) => !isAbout(order.target, candidate))
        known = { ...known, candidates: withoutTarget(known.candidates, order.target) }
      }
      return all
    },
    audit: () => beforeDeadline(object().audit(), deadlineMs),
    sync: (at) => (at < nextSyncAt ? undefined : share(at)),
  }
}
