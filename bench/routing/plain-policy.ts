import { candidates } from "./candidates.ts"
import { firstTokenTimeoutMs } from "./policy.ts"
import type { Policy, Routing, Surroundings } from "./policy.ts"
import { isolates } from "./requests.ts"
import type { SimulatedRequest } from "./requests.ts"
import { copyOf, startKnown } from "./policies/known.ts"
import type { Known } from "./policies/known.ts"
import type { World } from "./world.ts"

/**
 * The frame for policies that others use: each isolate knows its own news at once and the others' when it syncs, as ours
 * do. Two retries on other candidates and a 30 s first-token timeout are kinder than their defaults.
 */

export type News =
  | { readonly kind: "sent"; readonly candidate: number; readonly at: number }
  | { readonly kind: "first_token"; readonly candidate: number; readonly at: number; readonly ms: number }
  | {
      readonly kind: "answered"
      readonly candidate: number
      readonly at: number
      readonly ms: number
      readonly tokens: number
    }
  | {
      readonly kind: "failed"
      readonly candidate: number
      readonly at: number
      readonly ms: number
      readonly silent: boolean
    }
  | { readonly kind: "refused"; readonly candidate: number; readonly at: number }

export interface Choice {
  readonly state: readonly Known[]
  /** Requests in flight, by candidate: own ones now, the others' as of the last sync. */
  readonly inFlight: readonly number[]
  /** Those that exist and were not tried for this request. */
  readonly open: readonly number[]
  readonly request: SimulatedRequest
  readonly now: number
  readonly random: () => number
  /** Only the oracle looks at it. */
  readonly world: World
}

export interface PlainRule {
  readonly name: string
  /** Takes the news into the state that is given. */
  readonly observe: (state: readonly Known[], news: News) => void
  readonly choose: (choice: Choice) => number | undefined
}

const attempts = 3

export const plainPolicy = (rule: PlainRule): Policy => ({
  name: rule.name,
  start: (surroundings) => run(rule, surroundings),
})

const run = (rule: PlainRule, { agenda, world, random, noteSent }: Surroundings): Routing => {
  const shared = startKnown()
  const gauges = Array.from({ length: isolates }, () => candidates.map(() => 0))
  const here = Array.from({ length: isolates }, () => ({
    known: startKnown(),
    pending: [] as News[],
    inFlight: candidates.map(() => 0),
    elsewhere: candidates.map(() => 0),
  }))
  const at = (isolate: number) => {
    const found = here[isolate]
    if (found === undefined) throw new RangeError(`There is no isolate ${isolate}.`)
    return found
  }
  const all = candidates.map((_, index) => index)

  const handle: Routing["handle"] = (request, finish) => {
    const isolate = at(request.isolate)
    const note = (news: News): void => {
      rule.observe(isolate.known, news)
      isolate.pending.push(news)
    }
    const attempt = (number: number, tried: readonly number[]): void => {
      const now = agenda.now()
      const inFlight = all.map((index) => (isolate.inFlight[index] ?? 0) + (isolate.elsewhere[index] ?? 0))
      const open = all.filter((index) => world.exists(index) && !tried.includes(index))
      const candidate =
        number < attempts
          ? rule.choose({ state: isolate.known, inFlight, open, request, now, random, world })
          : undefined
      if (candidate === undefined) return finish({ answered: false })
      const { busy, slots } = world.truthOf(candidate)
      const add = (difference: number): void => {
        isolate.inFlight[candidate] = (isolate.inFlight[candidate] ?? 0) + difference
      }
      const failed = (kind: "failed" | "refused", silent: boolean): void => {
        over = true
        add(-1)
        const ms = agenda.now() - now
        note(
          kind === "failed" ? { kind, candidate, at: agenda.now(), ms, silent } : { kind, candidate, at: agenda.now() },
        )
        attempt(number + 1, [...tried, candidate])
      }
      let over = false
      let firstTokenMs: number | undefined
      add(1)
      note({ kind: "sent", candidate, at: now })
      noteSent(candidate, { isExtra: false, isFirst: number === 0 })
      const takeBack = world.send(candidate, request, number, {
        firstToken: () => {
          firstTokenMs = agenda.now() - request.at
          note({ kind: "first_token", candidate, at: agenda.now(), ms: agenda.now() - now })
        },
        ended: () => {
          over = true
          add(-1)
          const ms = agenda.now() - now
          note({ kind: "answered", candidate, at: agenda.now(), ms, tokens: request.outputTokens })
          finish({ answered: true, candidate, firstTokenMs: firstTokenMs ?? ms, room: 1 - busy / slots })
        },
        refused: ({ kind }) => failed(kind, false),
      })
      agenda.at(now + firstTokenTimeoutMs, () => {
        if (over || firstTokenMs !== undefined) return
        takeBack()
        failed("failed", true)
      })
    }
    attempt(0, [])
  }

  return {
    handle,
    sync: (index) => {
      const isolate = at(index)
      for (const news of isolate.pending) rule.observe(shared, news)
      isolate.pending = []
      isolate.known = copyOf(shared)
      gauges[index] = [...isolate.inFlight]
      isolate.elsewhere = all.map((candidate) =>
        gauges.reduce((sum, gauge, other) => sum + (other === index ? 0 : (gauge[candidate] ?? 0)), 0),
      )
    },
    rated: () => undefined,
  }
}
