import { createAgenda } from "./agenda.ts"
import { stream, uniform } from "./chance.ts"
import { drawRequests, isolates } from "./requests.ts"
import type { Outcome, Policy, Sent } from "./policy.ts"
import type { Scenario } from "./scenarios.ts"
import { createWorld } from "./world.ts"

export interface Run {
  readonly outcomes: readonly Outcome[]
  readonly sent: readonly Sent[]
}

/** Isolates sync every 1 to 2 s, so what they know of each other is 0.5 to 1.5 s old on average. */
const syncEveryMs = 1_000
const syncJitterMs = 1_000

/** One policy in one scenario. The same seed gives the same requests and the same luck, whatever the policy does. */
export const simulate = (policy: Policy, scenario: Scenario, seed: number): Run => {
  const agenda = createAgenda()
  const world = createWorld(agenda, scenario, seed)
  const sent: Sent[] = []
  const outcomes: Outcome[] = []
  const routing = policy.start({
    agenda,
    world,
    seed,
    random: stream(seed + 1),
    noteSent: (candidate, how) => sent.push({ at: agenda.now(), candidate, ...how }),
  })
  const endMs = scenario.lengthS * 1000

  for (const request of drawRequests(seed, scenario.lengthS)) {
    agenda.at(request.at, () =>
      routing.handle(request, (outcome) => {
        const accuracy = outcome.candidate === undefined ? 0 : world.truthOf(outcome.candidate).accuracy[request.type]
        const right = outcome.answered && request.difficulty < (accuracy ?? 0)
        outcomes.push({ ...outcome, request, right, totalMs: agenda.now() - request.at })
        const { candidate } = outcome
        if (candidate === undefined || request.ratedAfterMs === undefined) return
        agenda.at(agenda.now() + request.ratedAfterMs, () =>
          routing.rated(request.isolate, candidate, request.type, right),
        )
      }),
    )
  }

  const keepSyncing = (isolate: number, count: number): void => {
    const { apart } = scenario
    const nowS = agenda.now() / 1000
    if (apart === undefined || nowS < apart.fromS || nowS >= apart.toS) routing.sync(isolate)
    const nextAt = agenda.now() + syncEveryMs + syncJitterMs * uniform(seed, isolate, count, 9)
    if (nextAt < endMs + 60_000) agenda.at(nextAt, () => keepSyncing(isolate, count + 1))
  }
  for (let isolate = 0; isolate < isolates; isolate++) {
    agenda.at(2_000 * uniform(seed, isolate, 8), () => keepSyncing(isolate, 0))
  }
  agenda.run()
  return { outcomes, sent }
}
