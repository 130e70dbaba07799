import { normal, seeded } from "./random.ts"

/** Requests a second, one number for each second. */
export interface Trace {
  readonly name: string
  readonly ratesPerS: readonly number[]
  /** Seconds in which the metrics stand still. */
  readonly frozen?: readonly [fromS: number, toS: number]
}

const hourS = 3_600

const generate = (name: string, hours: number, rate: (s: number) => number, extra: Partial<Trace> = {}): Trace => ({
  name,
  ratesPerS: Array.from({ length: hours * hourS }, (_, s) => Math.max(0, rate(s))),
  ...extra,
})

const between = (s: number, from: number, to: number): number => Math.min(1, Math.max(0, (s - from) / (to - from)))

/** Traces of six hours, from a seed: a day's wave, spikes, an outage, ramps, and a wave whose metrics stand still for an hour. */
export const makeTraces = (seed: number, peakPerS = 40): readonly Trace[] => {
  const random = seeded(seed)
  const phase = random() * hourS
  const wave = (s: number): number =>
    peakPerS * (0.25 + 0.75 * (0.5 - 0.5 * Math.cos((2 * Math.PI * (s + phase)) / (6 * hourS))))
  // Loads wander: a slow random walk around what is drawn.
  const wander = wanderer(random)
  const spikes = Array.from({ length: 5 }, (_, i) => ({
    at: (i + 0.4 + 0.5 * random()) * 1.15 * hourS,
    lasts: 300 + 600 * random(),
    high: 1 + random(),
  }))
  const outageAt = (2 + random()) * hourS
  const ramps = Array.from({ length: 4 }, (_, i) => ({
    at: (0.5 + i * 1.4 + 0.4 * random()) * hourS,
    takes: 300 + 900 * random(),
    to: 0.3 + 0.7 * random(),
  }))
  return [
    generate("wave", 6, (s) => wave(s) * wander(s)),
    generate("spikes", 6, (s) => {
      const spike = spikes.reduce(
        (sum, { at, lasts, high }) =>
          sum + high * between(s, at, at + 60) * (1 - between(s, at + lasts, at + lasts + 120)),
        0,
      )
      return 0.35 * peakPerS * (1 + spike) * wander(s)
    }),
    generate("outage", 6, (s) => {
      const away = between(s, outageAt, outageAt + 5) * (1 - between(s, outageAt + 900, outageAt + 920))
      return wave(s) * wander(s) * (1 - 0.98 * away)
    }),
    generate("ramps", 6, (s) => {
      const level = ramps.reduce((now, { at, takes, to }) => now + (to - now) * between(s, at, at + takes), 0.4)
      return peakPerS * level * wander(s)
    }),
    generate("frozen", 6, (s) => wave(s + 1.5 * hourS - phase) * wander(s), { frozen: [0.6 * hourS, 1.6 * hourS] }),
  ]
}

const wanderer = (random: () => number): ((s: number) => number) => {
  const stepS = 60
  const values: number[] = []
  let at = 0
  for (let i = 0; i < (6 * hourS) / stepS + 2; i++) {
    at = at * 0.97 + normal(random) * 0.03
    values.push(Math.exp(at))
  }
  return (s) => {
    const index = Math.floor(s / stepS)
    const share = s / stepS - index
    return (values[index] ?? 1) * (1 - share) + (values[index + 1] ?? 1) * share
  }
}

/** A trace from CSV: `seconds,rate` a line, a header where there is one; what lies between two lines is drawn straight. */
export const parseTrace = (name: string, csv: string): Trace | { readonly problem: string } => {
  const points: { readonly s: number; readonly rate: number }[] = []
  for (const [index, line] of csv.split(/\r?\n/).entries()) {
    if (line.trim() === "" || (index === 0 && /[a-z]/i.test(line))) continue
    const [s, rate, ...more] = line.split(",").map(Number)
    if (s === undefined || rate === undefined || more.length > 0 || !(s >= 0) || !(rate >= 0) || rate > 100_000) {
      return { problem: `line ${index + 1}: write seconds,rate, both 0 or more` }
    }
    const last = points.at(-1)
    if (last !== undefined && s <= last.s) return { problem: `line ${index + 1}: the seconds must grow` }
    points.push({ s, rate })
  }
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || last.s <= first.s)
    return { problem: "there are fewer than two lines of seconds,rate" }
  if (last.s - first.s > 86_400 * 8) return { problem: "it is longer than eight days" }
  let at = 0
  const ratesPerS = Array.from({ length: Math.floor(last.s - first.s) }, (_, i) => {
    const s = first.s + i
    while ((points[at + 1]?.s ?? Number.POSITIVE_INFINITY) <= s) at++
    const [from, to] = [points[at] ?? first, points[at + 1] ?? last]
    return from.rate + (to.rate - from.rate) * between(s, from.s, to.s)
  })
  return { name, ratesPerS }
}
