import { chanceOf, normal } from "./chance.ts"
import type { Trace } from "./trace.ts"

const dayS = 86_400
const stepS = 15

type Shape = (atS: number) => number

const sample = (name: string, shape: Shape, lengthS = dayS, frozenS?: Trace["frozenS"]): Trace => ({
  name,
  rates: Array.from({ length: Math.floor(lengthS / stepS) }, (_, step) => Math.max(0, shape((step + 0.5) * stepS))),
  stepS,
  ...(frozenS === undefined ? {} : { frozenS }),
})

/** From the least at four in the morning to the most at four in the afternoon. */
const wave = (least: number, most: number): Shape => {
  const middle = (least + most) / 2
  return (atS) => middle - ((most - least) / 2) * Math.cos((2 * Math.PI * (atS - 14_400)) / dayS)
}

/** Bumps that come within a minute or so and last for some, at random times. */
const bumps = (seed: number, count: number, least: number, most: number): Shape => {
  const random = chanceOf(seed)
  const all = Array.from({ length: count }, () => ({
    fromS: random() * dayS,
    riseS: 20 + random() * 100,
    forS: 120 + random() * 1_080,
    height: least + random() * (most - least),
  }))
  return (atS) =>
    all.reduce((sum, { fromS, riseS, forS, height }) => {
      if (atS < fromS || atS > fromS + forS + riseS) return sum
      return sum + height * Math.min(1, (atS - fromS) / riseS)
    }, 0)
}

/** A slow random walk around 1. */
const drift = (seed: number, size: number): Shape => {
  const random = chanceOf(seed)
  let level = 0
  const levels = Array.from({ length: dayS / 60 + 2 }, () => (level = level * 0.97 + normal(random) * size))
  return (atS) => Math.exp(levels[Math.floor(atS / 60)] ?? 0)
}

/** The shapes that the rules were tuned on, with one seed; benches take others. */
export const generatedTraces = (seed: number): readonly Trace[] => {
  const day = wave(4, 20)
  const many = bumps(seed, 14, 4, 14)
  const few = bumps(seed + 1, 4, 10, 22)
  const moving = drift(seed + 2, 0.05)
  return [
    sample("daily wave", day),
    sample("spikes", (atS) => 8 + many(atS)),
    sample("wave with spikes", (atS) => day(atS) + few(atS)),
    // Nothing arrives for forty minutes; then all is back at once, and half as much on top for five.
    sample("outage", (atS) =>
      atS > 40_000 && atS < 42_400 ? 0.2 : day(atS) * (atS >= 42_400 && atS < 42_700 ? 1.5 : 1),
    ),
    sample("ramp", (atS) => 3 + 25 * Math.min(1, Math.max(0, (atS % 28_800) - 3_600) / 7_200)),
    sample("restless", (atS) => 12 * moving(atS)),
    frozenTrace(),
  ]
}

/** A morning that rises sixfold in an hour and a quarter, the metrics standing still for an hour of it. */
const frozenTrace = (): Trace =>
  sample("frozen metrics", (atS) => 4 + 20 * Math.min(1, Math.max(0, atS - 5_400) / 4_500), 21_600, {
    from: 5_700,
    to: 9_300,
  })

/** Shapes that no rule was tuned on. */
export const heldOutTraces = (seed: number): readonly Trace[] => {
  const office: Shape = (atS) => {
    const hour = atS / 3_600
    return hour < 7.5 ? 3 : hour < 8.5 ? 3 + (hour - 7.5) * 17 : hour < 12 ? 20 : hour < 13 ? 11 : hour < 17.5 ? 18 : 5
  }
  const saw: Shape = (atS) => 5 + 15 * ((atS % 5_400) / 5_400)
  const moving = drift(seed + 5, 0.03)
  const crowd: Shape = (atS) => (atS > 30_000 ? 25 * Math.exp(-(atS - 30_000) / 5_400) : 0)
  const batch: Shape = (atS) => (atS % 3_600 < 420 ? 14 : 0)
  return [
    sample("office hours", (atS) => office(atS) * moving(atS)),
    sample("saw", saw),
    sample("flash crowd", (atS) => 6 + crowd(atS)),
    sample("hourly batch", (atS) => 7 + batch(atS)),
    sample("quiet", () => 2.5),
    sample("busy", (atS) => wave(15, 45)(atS) + bumps(seed, 5, 10, 20)(atS)),
  ]
}
