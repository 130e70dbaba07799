import * as v from "valibot"
import { durationPattern, percentPattern, readDuration, readPercent } from "./read-quantity.ts"

/*
 * The file as people write it. Only shapes and units are checked here; what concerns two fields at once is checked in
 * `build-policy.ts`. Every message ends a sentence that begins with the field's name.
 */

const name = v.pipe(
  v.string("must be a text"),
  v.regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "must be a name of lower-case letters, digits and dashes, at most 63",
  ),
)
const text = v.pipe(v.string("must be a text"), v.nonEmpty("must not be empty"))
const whole = (least: number, most: number) =>
  v.pipe(
    v.number(`must be a whole number from ${least} to ${most}`),
    v.integer(`must be a whole number from ${least} to ${most}`),
    v.minValue(least, `must be a whole number from ${least} to ${most}`),
    v.maxValue(most, `must be a whole number from ${least} to ${most}`),
  )
const positive = v.pipe(
  v.number("must be a number"),
  v.minValue(1e-6, "must be above 0"),
  v.maxValue(1e12, "is too large"),
)

const quantity = (read: (text: string) => number | undefined, wanted: string, pattern: RegExp) =>
  v.pipe(
    v.string(`must be ${wanted}`),
    v.metadata({ pattern: pattern.source, description: `${wanted.slice(0, 1).toUpperCase()}${wanted.slice(1)}` }),
    v.check((given) => read(given) !== undefined, `must be ${wanted}`),
    v.transform((given) => read(given) ?? Number.NaN),
  )
const duration = quantity(readDuration, "a time with its unit, such as 300s, 5m or 1h", durationPattern)
const percent = quantity(readPercent, "a share, such as 1%", percentPattern)

const environmentName = v.pipe(
  v.string("must be a text"),
  v.regex(/^[A-Z][A-Z0-9_]{0,63}$/, "must be the name of an environment variable, such as REDIS_URL"),
)
const address = v.pipe(
  v.string("must be an address"),
  v.check((given) => /^https?:\/\//.test(given) && URL.canParse(given), "must be an http or https address"),
  v.check((given) => URL.parse(given)?.password === "", "must hold no password: name it in the environment"),
)
const unit = v.picklist(["percent", "ms", "count"], "must be percent, ms or count")
const scrape = v.optional(duration, "15s")

const sources = {
  "metrics.k8s.io": { resource: v.picklist(["cpu", "memory"], "must be cpu or memory"), scrape },
  prometheus: { url: address, query: text, unit: v.optional(unit, "count"), scrape },
  external: { metric: text, selector: v.exactOptional(text), unit: v.optional(unit, "count"), scrape },
  "redis-list": { key: text, urlEnv: v.optional(environmentName, "REDIS_URL"), scrape },
  postgres: {
    query: text,
    urlEnv: v.optional(environmentName, "DATABASE_URL"),
    unit: v.optional(unit, "count"),
    scrape,
  },
  gateway: { value: v.picklist(["in-flight", "p95"], "must be in-flight or p95"), url: address, scrape },
} as const

const sourceMessage = `must be one of ${Object.keys(sources).join(", ")}`
const source = v.variant(
  "from",
  [
    v.strictObject({ from: v.literal("metrics.k8s.io"), ...sources["metrics.k8s.io"] }),
    v.strictObject({ from: v.literal("prometheus"), ...sources.prometheus }),
    v.strictObject({ from: v.literal("external"), ...sources.external }),
    v.strictObject({ from: v.literal("redis-list"), ...sources["redis-list"] }),
    v.strictObject({ from: v.literal("postgres"), ...sources.postgres }),
    v.strictObject({ from: v.literal("gateway"), ...sources.gateway }),
  ],
  sourceMessage,
)
const more = { fallback: v.exactOptional(source), most: v.exactOptional(positive) }
const signal = v.variant(
  "from",
  [
    v.strictObject({ from: v.literal("metrics.k8s.io"), ...sources["metrics.k8s.io"], ...more }),
    v.strictObject({ from: v.literal("prometheus"), ...sources.prometheus, ...more }),
    v.strictObject({ from: v.literal("external"), ...sources.external, ...more }),
    v.strictObject({ from: v.literal("redis-list"), ...sources["redis-list"], ...more }),
    v.strictObject({ from: v.literal("postgres"), ...sources.postgres, ...more }),
    v.strictObject({ from: v.literal("gateway"), ...sources.gateway, ...more }),
  ],
  sourceMessage,
)

/** A number in the signal's own unit: `70%`, `15s` or `15000ms`, or a bare count. */
const target = v.union(
  [positive, v.pipe(v.string(), v.nonEmpty())],
  "must be a number with the signal's unit, such as 70%, 15s or 10",
)

const direction = v.strictObject({
  cooldown: v.exactOptional(duration),
  stabilization: v.exactOptional(duration),
  rates: v.exactOptional(
    v.pipe(
      v.array(
        v.strictObject({
          pods: v.exactOptional(whole(1, 1_000)),
          percent: v.exactOptional(percent),
          period: duration,
        }),
        "must be a list",
      ),
      v.minLength(1, "must not be empty"),
    ),
  ),
  select: v.exactOptional(v.picklist(["max", "min", "disabled"], "must be max, min or disabled")),
})

export const PolicyEntry = v.strictObject({
  name,
  namespace: v.optional(name, "default"),
  deployment: name,
  replicas: v.strictObject({ min: whole(1, 10_000), max: whole(1, 10_000) }),
  step: v.exactOptional(
    v.strictObject({ signal, target, shared: v.exactOptional(v.boolean("must be true or false")) }),
  ),
  target: v.exactOptional(
    v.strictObject({
      signal,
      target,
      measures: v.optional(v.picklist(["average", "total"], "must be average or total"), "average"),
      tolerance: v.optional(percent, "10%"),
    }),
  ),
  budget: v.exactOptional(
    v.strictObject({
      rate: signal,
      serviceTime: signal,
      inFlight: v.exactOptional(signal),
      lateShare: v.exactOptional(signal),
      slots: whole(1, 10_000),
      wait: v.optional(duration, "2s"),
      late: v.optional(percent, "1%"),
      startup: v.optional(duration, "60s"),
    }),
  ),
  queue: v.exactOptional(
    v.strictObject({ length: signal, arrivals: v.exactOptional(signal), ratePerReplica: positive, drain: duration }),
  ),
  up: v.exactOptional(direction),
  down: v.exactOptional(direction),
  mostStep: v.optional(whole(1, 10_000), 10),
  actionsPerHour: v.optional(whole(1, 1_000), 30),
  write: v.optional(v.picklist(["observe", "act"], "must be observe or act"), "observe"),
})
export type PolicyEntry = v.InferOutput<typeof PolicyEntry>
export type SignalEntry = v.InferOutput<typeof signal>
export type SourceEntry = v.InferOutput<typeof source>

export const PolicyFile = v.strictObject({
  policies: v.pipe(v.array(PolicyEntry, "must be a list"), v.minLength(1, "must hold at least one policy")),
})
