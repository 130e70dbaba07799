/**
 * How well candidates are chosen, in a simulated world of seven candidates and 40 isolates. How not to be fooled:
 * - Voltgate runs the gateway's own rules (worker/routing/); only the Worker around them is simulated.
 * - All policies see the same requests and the same luck (common random numbers), so differences count, seed for seed.
 * - The seeds below were never looked at while the rules were tuned; those were other ones (1 to 12, and some up to 412).
 * - The other policies are re-implemented from their descriptions, and get more than their defaults: the same shared view,
 *   two retries on other candidates, a 30 s first-token timeout, and for Envoy a wider ejection limit.
 * - The oracle knows the world as it is, the answer's length included. Nobody can: it shows how much is left.
 * - The world is made up: slots, queues, limits, load and lengths were searched, without running ours, until the other
 *   policies' rows came near those of the prototype that the goals were taken from (docs/routing.md says how near). Its
 *   figures compare policies; they do not foretell your latencies.
 * - Half of an answer's length follows from the type of question. VOLTGATE_LENGTHS=alike takes that away; the other
 *   policies, which do not know of types, see much the same world.
 */
import { writeFileSync } from "node:fs"
import type { Bench, BenchOptions, BenchResult } from "../bench.ts"
import { conditionsNow, formatRows, row } from "../report.ts"
import type { Row } from "../report.ts"
import { mean, meanOf } from "./compare.ts"
import type { Results } from "./compare.ts"
import { drawTraffic } from "./chart.ts"
import { measureDecisionUs } from "./decision-cost.ts"
import { measure } from "./measure.ts"
import type { Figures } from "./measure.ts"
import { others, ours, policies } from "./policies.ts"
import { added, named } from "./scenarios.ts"
import type { Scenario } from "./scenarios.ts"
import { simulate } from "./simulate.ts"
import { formatResults, lostColumns } from "./tables.ts"

const unseenSeeds = Array.from({ length: 12 }, (_, index) => 501 + index)
const all: readonly Scenario[] = [...named, ...added]

const run = async ({ seconds, onProgress }: BenchOptions): Promise<BenchResult> => {
  // The short form: one seed, the scenarios in which candidates die or nothing happens.
  const isShort = seconds < routing.seconds
  const seeds = isShort ? unseenSeeds.slice(0, 1) : unseenSeeds
  const scenarios = isShort ? all.filter(({ name, death }) => death !== undefined || name === "steady") : all
  const results: Record<string, Record<string, readonly Figures[]>> = {}
  for (const scenario of scenarios) {
    onProgress(`${scenario.name} …`)
    results[scenario.name] = Object.fromEntries(
      policies.map((policy) => [policy.name, seeds.map((seed) => measure(simulate(policy, scenario, seed), scenario))]),
    )
  }
  const rows = toRows(results)
  const text = `${formatRows(rows)}\n\n${formatResults(
    results,
    ours.name,
    others.map(({ name }) => name),
  )}`
  return { report: { bench: "routing", conditions: conditionsNow(), rows }, text }
}

/** The goals are the design's; its prototype's figures are the anchor, although they come from a world of its own. */
const toRows = (results: Results): readonly Row[] => {
  const mine = (scenario: string): readonly Figures[] => results[scenario]?.[ours.name] ?? []
  const inNamed = named.flatMap(({ name }) => mine(name))
  const average = (name: keyof Figures): number => meanOf(inNamed, name) ?? Number.NaN
  const dying = (scenario: string, target: number, found: number): readonly Row[] => [
    row(`${scenario}: to the dead after 5 s`, 100 * (meanOf(mine(scenario), "deadShare") ?? Number.NaN), "%", {
      target,
    }),
    row(`${scenario}: found after`, meanOf(mine(scenario), "foundS") ?? Number.NaN, "s", { target: found }),
  ]
  const regrets = Object.values(results).flatMap((byPolicy) => {
    const oracle = meanOf(byPolicy["oracle"] ?? [], "utility")
    const utility = meanOf(byPolicy[ours.name] ?? [], "utility")
    return oracle === undefined || utility === undefined ? [] : [oracle - utility]
  })
  return [
    row("utility lost to the oracle", mean(regrets), "", { anchor: 0.0088, target: 0.0112 }),
    row("p99", average("p99S"), "s", { anchor: 29.6, target: 30.5 }),
    row("first token p99", average("firstTokenP99S"), "s", { anchor: 7.7, target: 8.5 }),
    row("requests that failed", 100 * (1 - average("success")), "%", { anchor: 0.28, target: 0.35 }),
    row("wrong answers", 100 * (1 - average("accuracy")), "%", { anchor: 10.8, target: 11 }),
    ...dying("outage", 0.6, 3.5),
    ...dying("hang", 1, 5),
    ...dying("provider down", 1.2, 4),
    ...calibration(mine("steady")),
    row("hedges", 100 * average("extra"), "%", { target: 5 }),
    row("a choice among 12 candidates", measureDecisionUs(), "µs", { target: 5 }),
    row(
      "columns in which another policy is ahead",
      lostColumns(
        results,
        ours.name,
        others.map(({ name }) => name),
      ).length,
      "",
      {
        target: 0,
      },
    ),
  ]
}

/** How far from nine in ten the answers in the steady state are that come within the time that was stated for them. */
const calibration = (steady: readonly Figures[]): readonly Row[] => {
  const within = meanOf(steady, "within")
  return within === undefined
    ? []
    : [row("steady: within the stated p90, off from 90 % by", 100 * Math.abs(within - 0.9), "points", { target: 3 })]
}

/** `npm run bench -- routing` with VOLTGATE_CHART set to a path draws who gets the requests in the outage. */
const drawChart = (path: string): void => {
  const outage = named.find(({ name }) => name === "outage")
  if (outage !== undefined) writeFileSync(path, drawTraffic(simulate(ours, outage, unseenSeeds[0] ?? 501), outage))
}

export const routing: Bench = {
  name: "routing",
  about: "simulated: oracle · published rule · other balancers · ours; in outages, hangs, drift and bursts",
  seconds: 2,
  quickSeconds: 1,
  run: async (options) => {
    const chart = process.env["VOLTGATE_CHART"]
    if (chart !== undefined) drawChart(chart)
    return run(options)
  },
}
