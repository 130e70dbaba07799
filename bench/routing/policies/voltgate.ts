import type { Observation, Rating, Snapshot } from "../../../contract/provider-board.ts"
import type { CandidateRecord } from "../../../contract/record.ts"
import { applyReport, emptyBook, snapshotOf } from "../../../worker/routing/book.ts"
import { isCutOff } from "../../../worker/routing/breaker.ts"
import {
  afterHedge,
  afterRequest,
  askAgainMs,
  hedgeCandidate,
  mayHedge,
  newHedgeBudget,
} from "../../../worker/routing/hedging.ts"
import {
  makeReport,
  withNews,
  withRating,
  withoutOthers,
  withoutUsedProbes,
} from "../../../worker/routing/local-news.ts"
import { estimateResponseTime } from "../../../worker/routing/estimate-response-time.ts"
import type { Estimate } from "../../../worker/routing/estimate-response-time.ts"
import { modelId } from "../../../worker/routing/model-ref.ts"
import { rankCandidates } from "../../../worker/routing/rank-candidates.ts"
import { requestKind } from "../../../worker/routing/request-kind.ts"
import { mayPass, waitBeforeRetryMs } from "../../../worker/routing/wait-before-retry.ts"
import type { Refusal } from "../../../worker/routing/wait-before-retry.ts"
import { candidates, queryTypes } from "../candidates.ts"
import { firstTokenTimeoutMs } from "../policy.ts"
import type { Policy, Routing, Surroundings } from "../policy.ts"
import { isolates } from "../requests.ts"
import type { SimulatedRequest } from "../requests.ts"

/**
 * Voltgate itself: the rules are the gateway's and the Durable Object's own. What stands here is what the Worker does
 * around them: it keeps a snapshot in each isolate, asks, hedges, and moves on.
 */
export const voltgate = (name: string, { hedges }: { readonly hedges: boolean }): Policy => ({
  name,
  start: (surroundings) => run(surroundings, hedges),
})

/** As `VOLTGATE_MAX_WAIT_MS` says where nobody sets it. */
const maxWaitMs = 2_000
const ids = candidates.map(modelId)
const indexOf = (record: Pick<CandidateRecord, "provider" | "model">): number => ids.indexOf(modelId(record))

interface Isolate {
  readonly name: string
  known: Snapshot
  receivedAt: number
  pending: Observation[]
  ratings: Rating[]
  readonly inFlight: Map<string, number>
  readonly usedProbes: Map<string, number>
  budget: typeof newHedgeBudget
}

const newIsolate = (_: unknown, index: number): Isolate => ({
  name: `isolate ${index}`,
  known: { at: 0, candidates: {} },
  receivedAt: Number.NEGATIVE_INFINITY,
  pending: [],
  ratings: [],
  inFlight: new Map(),
  usedProbes: new Map(),
  budget: newHedgeBudget,
})

interface Flight {
  readonly id: string
  readonly takeBack: () => void
}

const run = ({ agenda, world, random, noteSent }: Surroundings, hedges: boolean): Routing => {
  let book = emptyBook
  const all = Array.from({ length: isolates }, newIsolate)
  const at = (index: number): Isolate => {
    const isolate = all[index]
    if (isolate === undefined) throw new RangeError(`There is no isolate ${index}.`)
    return isolate
  }
  const note = (isolate: Isolate, observation: Observation): void => {
    isolate.known = withNews(isolate.known, observation, agenda.now())
    isolate.pending.push(observation)
  }
  const rank = (
    isolate: Isolate,
    request: SimulatedRequest,
    excluded: ReadonlySet<string>,
  ): readonly CandidateRecord[] => {
    const now = agenda.now()
    const snapshot = withoutUsedProbes(withoutOthers(isolate.known, isolate.receivedAt, now), isolate.usedProbes)
    const open = candidates.filter((_, index) => world.exists(index) && !excluded.has(ids[index] ?? ""))
    return rankCandidates(open, snapshot, {
      inFlightHere: (id) => isolate.inFlight.get(id) ?? 0,
      now,
      random,
      queryType: queryTypes[request.type] ?? "",
    })
  }

  const handle: Routing["handle"] = (request, finish) => {
    const isolate = at(request.isolate)
    isolate.budget = afterRequest(isolate.budget)
    const failures = new Map<string, Refusal & { readonly at: number }>()
    const flights = new Set<Flight>()
    let attempts = 0
    let isDone = false
    const deadline = request.at + maxWaitMs
    const kind = requestKind({ queryType: queryTypes[request.type] ?? "", pixels: 0, mostOutputTokens: undefined })
    let expected: Estimate | undefined

    /** Sends it to one candidate; what it comes to is told to the board, and moves the request on. */
    const send = (record: CandidateRecord, isExtra: boolean): void => {
      const id = modelId(record)
      const index = indexOf(record)
      const sentAt = agenda.now()
      const { busy, slots } = world.truthOf(index)
      const stated = estimateResponseTime(record, kind, isolate.known)
      // What the answer says of its time is said of the first choice, before anybody is asked.
      if (attempts === 0) expected = stated
      const probeUntil = isolate.known.candidates[id]?.probeUntil
      if (probeUntil !== undefined) isolate.usedProbes.set(id, probeUntil)
      isolate.inFlight.set(id, (isolate.inFlight.get(id) ?? 0) + 1)
      noteSent(index, { isExtra, isFirst: attempts === 0 })
      let firstTokenMs: number | undefined
      let isOver = false
      const end = (observation: Observation | undefined): void => {
        isOver = true
        flights.delete(flight)
        isolate.inFlight.set(id, (isolate.inFlight.get(id) ?? 1) - 1)
        if (observation !== undefined) note(isolate, observation)
      }
      const fail = (observation: Observation, refusal: Refusal): void => {
        end(observation)
        failures.set(id, { ...refusal, at: agenda.now() })
        if (!isDone && flights.size === 0) next()
      }
      const takeBack = world.send(index, request, attempts++, {
        firstToken: (quotaLeft) => {
          const now = agenda.now()
          firstTokenMs = now - sentAt
          note(isolate, { candidate: id, ok: true, firstTokenMs, quotaLeft, quotaResetMs: 1_000, at: now })
          // The first useful token wins; the others are taken back.
          for (const other of flights) if (other !== flight) other.takeBack()
        },
        ended: () => {
          const now = agenda.now()
          const { outputTokens } = request
          const responseTimeMs = now - sentAt
          const times = { firstTokenMs: firstTokenMs ?? responseTimeMs, responseTimeMs, outputTokens }
          const statement = stated.basis === "measured" ? { statedP90Ms: stated.p90Ms } : {}
          end({ candidate: id, ok: true, continues: true, ...times, kind, ...statement, at: now })
          isDone = true
          const began = sentAt - request.at + (firstTokenMs ?? responseTimeMs)
          const statedP90Ms = expected?.basis === "measured" ? { statedP90Ms: expected.p90Ms } : {}
          finish({ answered: true, candidate: index, firstTokenMs: began, room: 1 - busy / slots, ...statedP90Ms })
        },
        refused: (how) => {
          const now = agenda.now()
          if (how.kind === "failed") {
            fail({ candidate: id, ok: false, responseTimeMs: now - sentAt, at: now }, { kind: "server_error" })
          } else if (how.restMs === undefined) {
            fail({ candidate: id, ok: false, restMs: overloadedRestMs, at: now }, { kind: "overloaded" })
          } else {
            const refusal: Refusal = { kind: "rate_limited", retryAfterMs: how.restMs }
            fail({ candidate: id, ok: false, restMs: how.restMs, at: now }, refusal)
          }
        },
      })
      const flight: Flight = {
        id,
        takeBack: () => {
          takeBack()
          end(undefined)
        },
      }
      flights.add(flight)
      agenda.at(sentAt + record.hedgeAfterMs, () => {
        if (isOver || firstTokenMs !== undefined) return
        note(isolate, { candidate: id, ok: false, silentMs: record.hedgeAfterMs, at: agenda.now() })
      })
      agenda.at(sentAt + firstTokenTimeoutMs, () => {
        if (isOver || firstTokenMs !== undefined) return
        takeBack()
        fail(
          { candidate: id, ok: false, responseTimeMs: firstTokenTimeoutMs, at: agenda.now() },
          { kind: "first_byte_timeout" },
        )
      })
      if (!isExtra)
        agenda.at(sentAt + record.hedgeAfterMs, () => hedge(record, () => isOver || firstTokenMs !== undefined))
    }

    /** Asks a second one, now or as soon as that is allowed. */
    const hedge = (silent: CandidateRecord, hasBegun: () => boolean): void => {
      if (isDone || hasBegun()) return
      const ranked = rank(isolate, request, new Set(failures.keys()))
      const second = hedgeCandidate(ranked, silent)
      const breaker = isolate.known.candidates[modelId(silent)]?.breaker
      const isRescue = silent.standing === "probe" || (breaker !== undefined && isCutOff(breaker, agenda.now()))
      const isHedge = !isRescue && hedges && mayHedge(isolate.budget, ranked)
      if (second === undefined || !(isRescue || isHedge)) {
        return agenda.at(agenda.now() + askAgainMs, () => hedge(silent, hasBegun))
      }
      if (isHedge) isolate.budget = afterHedge(isolate.budget)
      send(second, true)
    }

    let rounds = 0
    const next = (): void => {
      const ranked = rank(isolate, request, new Set(failures.keys()))
      const best = ranked.find(({ standing }) => standing !== "cut_off" || failures.size === 0)
      if (best !== undefined) return send(best, false)
      // All have failed: those that may do better a moment later are asked again, as long as the client waits.
      const waitMs = waitBeforeRetryMs([...failures.values()], rounds++, deadline - agenda.now(), random)
      if (waitMs === undefined) {
        const [last] = ranked
        if (last !== undefined) return send(last, false)
        isDone = true
        return finish({ answered: false })
      }
      agenda.at(agenda.now() + waitMs, () => {
        for (const [id, failure] of failures) if (mayPass(failure)) failures.delete(id)
        next()
      })
    }
    next()
  }

  return {
    handle,
    sync: (index) => {
      const isolate = at(index)
      const now = agenda.now()
      const inFlight = Object.fromEntries([...isolate.inFlight].filter(([, count]) => count > 0))
      book = applyReport(book, makeReport(isolate.name, inFlight, isolate.pending, isolate.ratings), now)
      isolate.known = snapshotOf(book, now, isolate.name)
      isolate.receivedAt = now
      isolate.pending = []
      isolate.ratings = []
    },
    rated: (index, candidate, type, isRight) => {
      const isolate = at(index)
      const rating: Rating = {
        candidate: ids[candidate] ?? "",
        queryType: queryTypes[type] ?? "",
        score: isRight ? 1 : 0,
        at: agenda.now(),
      }
      isolate.known = withRating(isolate.known, rating)
      isolate.ratings.push(rating)
    },
  }
}

const overloadedRestMs = 2_000
