import * as v from "valibot"
import { longestWaitMs } from "../contract/mode.ts"
import type { Mode } from "../contract/mode.ts"
import type { PictureTier } from "../contract/record.ts"
import { pictureTiers } from "../contract/record.ts"
import { embedderNames } from "./ports/embedder-names.ts"
import type { EmbedderName } from "./ports/embedder-names.ts"
import type { ProviderSettings } from "./providers/create-providers.ts"
import type { Timeouts } from "./providers/with-timeouts.ts"
import type { ModelRef } from "./routing/model-ref.ts"
import { parseModelRef } from "./routing/model-ref.ts"
import type { Selection } from "./routing/rank-candidates.ts"

export interface ApiKey {
  /** SHA-256 of the key, in hex; the key itself is never stored. */
  readonly sha256: string
  readonly tenant: string
  /** Absent: all of them. */
  readonly providers?: readonly string[]
  readonly queryTypes?: readonly string[]
  /** May drain, pin and reset providers. */
  readonly admin?: boolean
}

export interface Settings {
  readonly providers: readonly ProviderSettings[]
  /** What `auto` chooses from; absent: the catalog's default model of each provider. */
  readonly autoModels?: readonly ModelRef[]
  readonly keys: readonly ApiKey[]
  /** Serve without keys, to callers on this machine only. */
  readonly openOnLoopback: boolean
  readonly cache?: { readonly url: string; readonly token: string }
  readonly cacheSecret: string
  readonly cacheTtlS: number
  /** By how much two pictures may differ and share answers, at most. */
  readonly pictureTier: PictureTier
  /** Whether the answer to one question may serve another that means the same, and how sure of it the gateway must be. */
  readonly nearLane: {
    readonly on: boolean
    readonly minConfidence: number
    /** The small, cheap model that may say whether two wordings are one; absent: nobody is asked. */
    readonly judge?: ModelRef
  }
  /** What compares the wordings of questions for the near lane. */
  readonly embedder: EmbedderName
  readonly history?: { readonly connectionString: string; readonly fetchEndpoint?: string }
  readonly timeouts: Timeouts
  /** For requests that name none. */
  readonly mode: Exclude<Mode, "consensus">
  readonly maxWaitMs: number
  readonly maxBodyBytes: number
  readonly selection: Selection
  /** Isolates of one region share what they know of providers; `auto`: one region a continent; absent: one for all. */
  readonly region?: string
}

/** Everything that is wrong with the settings, in one go. Holds names and reasons, never values. */
export class SettingsError extends Error {
  override readonly name = "SettingsError"
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The settings need attention:\n${problems.map((problem) => `- ${problem}`).join("\n")}`)
    this.problems = problems
  }
}

const url = v.pipe(v.string(), v.url("must be a URL"))
const filled = v.pipe(v.string(), v.nonEmpty("must not be empty"))
const positive = (fallback: number, most: number, least = 1) =>
  v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d+$/, "must be a whole number"),
      v.transform(Number),
      v.minValue(least),
      v.maxValue(most),
    ),
    String(fallback),
  )
const share = (example: string, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^0?\.\d{1,6}$/, `must be a share such as ${example}`),
    v.transform(Number),
    v.minValue(0.0001, "must be above 0"),
    v.maxValue(most, `must be at most ${most}`),
  )
const names = v.pipe(
  v.string(),
  v.transform((text) => text.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]))),
)
const json = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.pipe(v.string(), v.parseJson(undefined, "must be JSON"), schema)

const Keys: v.GenericSchema<unknown, readonly ApiKey[]> = v.array(
  v.strictObject({
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits: the SHA-256 of the key")),
    tenant: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "must be 1 to 64 letters, digits, dots, dashes")),
    providers: v.exactOptional(v.array(filled)),
    queryTypes: v.exactOptional(v.array(filled)),
    admin: v.exactOptional(v.boolean()),
  }),
)

const Compatible = v.array(
  v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/, "must be lower-case letters, digits and dashes")),
    baseUrl: url,
    apiKey: v.exactOptional(filled),
    models: v.pipe(v.array(filled), v.minLength(1)),
  }),
)

const Environment = v.object({
  OPENAI_API_KEY: v.optional(filled),
  OPENAI_BASE_URL: v.optional(url),
  ANTHROPIC_API_KEY: v.optional(filled),
  ANTHROPIC_BASE_URL: v.optional(url),
  GOOGLE_API_KEY: v.optional(filled),
  GOOGLE_BASE_URL: v.optional(url),
  VOLTGATE_COMPATIBLE: v.optional(json(Compatible), "[]"),
  VOLTGATE_SIMULATED: v.optional(names, ""),
  VOLTGATE_AUTO_MODELS: v.optional(names),
  VOLTGATE_KEYS: v.optional(json(Keys), "[]"),
  VOLTGATE_OPEN: v.optional(v.picklist(["loopback", "no"], "must be `loopback` or `no`"), "no"),
  UPSTASH_REDIS_REST_URL: v.optional(url),
  UPSTASH_REDIS_REST_TOKEN: v.optional(filled),
  VOLTGATE_CACHE_SECRET: v.optional(v.pipe(v.string(), v.minLength(16, "must have at least 16 characters"))),
  VOLTGATE_CACHE_TTL_S: positive(86_400, 86_400),
  VOLTGATE_CACHE_PICTURES: v.optional(v.picklist(pictureTiers, "must be `bytes`, `pixels` or `look`"), "look"),
  VOLTGATE_CACHE_NEAR: v.optional(v.picklist(["on", "off"], "must be `on` or `off`"), "on"),
  VOLTGATE_CACHE_DELTA: v.optional(share("0.02, which is 2 wrong of 100 served", 0.5)),
  VOLTGATE_CACHE_JUDGE: v.optional(filled),
  VOLTGATE_CACHE_CONFIDENCE: v.optional(share("0.98", 0.9999)),
  VOLTGATE_EMBEDDER: v.optional(v.picklist(embedderNames, `must be ${embedderNames.join(", ")}`), "lexical"),
  DATABASE_URL: v.optional(v.pipe(filled, v.startsWith("postgres", "must start with postgres:// or postgresql://"))),
  VOLTGATE_NEON_ENDPOINT: v.optional(url),
  VOLTGATE_TIMEOUT_FIRST_BYTE_MS: positive(30_000, 600_000),
  VOLTGATE_TIMEOUT_IDLE_MS: positive(20_000, 600_000),
  VOLTGATE_TIMEOUT_TOTAL_MS: positive(180_000, 3_600_000),
  VOLTGATE_SELECTION: v.optional(v.picklist(["best", "proportional"], "must be `best` or `proportional`"), "best"),
  VOLTGATE_REGION: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/, "must be lower-case letters, digits and dashes")),
  ),
  VOLTGATE_MODE: v.optional(v.picklist(["single", "race"], "must be `single` or `race`"), "single"),
  VOLTGATE_MAX_WAIT_MS: positive(2_000, longestWaitMs, 0),
  // A picture of 20 MB fits as base64. A body is in memory as bytes, as text and in parts, and an isolate has 128 MB.
  VOLTGATE_MAX_BODY_BYTES: positive(28 * 1024 * 1024, 512 * 1024 * 1024),
})
type Environment = v.InferOutput<typeof Environment>

/**
 * Reads every setting from the host's environment (docs/api.md lists them).
 * Throws a SettingsError that names all that is wrong.
 */
export const parseSettings = (environment: Readonly<Record<string, unknown>>): Settings => {
  const parsed = v.safeParse(Environment, environment)
  if (!parsed.success) {
    throw new SettingsError(parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "settings"}: ${issue.message}`))
  }
  const values = parsed.output
  const providers = readProviders(values)
  const autoModels = values.VOLTGATE_AUTO_MODELS?.map(parseModelRef)
  const judge = values.VOLTGATE_CACHE_JUDGE === undefined ? undefined : parseModelRef(values.VOLTGATE_CACHE_JUDGE)
  const problems = findContradictions(values, providers, autoModels)
  if (problems.length > 0) throw new SettingsError(problems)
  const { UPSTASH_REDIS_REST_URL: cacheUrl, UPSTASH_REDIS_REST_TOKEN: cacheToken } = values
  return {
    providers,
    ...(autoModels === undefined ? {} : { autoModels: autoModels.filter((ref) => ref !== undefined) }),
    keys: values.VOLTGATE_KEYS,
    openOnLoopback: values.VOLTGATE_OPEN === "loopback",
    ...(cacheUrl !== undefined && cacheToken !== undefined ? { cache: { url: cacheUrl, token: cacheToken } } : {}),
    // Without a secret of its own the cache is keyed by its token: whoever has that can read the store anyway. Where there
    // is no token, the store is a Durable Object or this process's memory, and nobody else's.
    cacheSecret: values.VOLTGATE_CACHE_SECRET ?? cacheToken ?? "no store",
    cacheTtlS: values.VOLTGATE_CACHE_TTL_S,
    pictureTier: values.VOLTGATE_CACHE_PICTURES,
    nearLane: {
      on: values.VOLTGATE_CACHE_NEAR === "on",
      minConfidence: values.VOLTGATE_CACHE_CONFIDENCE ?? 1 - (values.VOLTGATE_CACHE_DELTA ?? defaultDelta),
      ...(judge === undefined ? {} : { judge }),
    },
    embedder: values.VOLTGATE_EMBEDDER,
    ...(values.DATABASE_URL === undefined
      ? {}
      : {
          history: {
            connectionString: values.DATABASE_URL,
            ...(values.VOLTGATE_NEON_ENDPOINT === undefined ? {} : { fetchEndpoint: values.VOLTGATE_NEON_ENDPOINT }),
          },
        }),
    timeouts: {
      firstByteMs: values.VOLTGATE_TIMEOUT_FIRST_BYTE_MS,
      idleMs: values.VOLTGATE_TIMEOUT_IDLE_MS,
      totalMs: values.VOLTGATE_TIMEOUT_TOTAL_MS,
    },
    mode: values.VOLTGATE_MODE,
    maxWaitMs: values.VOLTGATE_MAX_WAIT_MS,
    maxBodyBytes: values.VOLTGATE_MAX_BODY_BYTES,
    selection: values.VOLTGATE_SELECTION,
    ...(values.VOLTGATE_REGION === undefined ? {} : { region: values.VOLTGATE_REGION }),
  }
}

const readProviders = (values: Environment): readonly ProviderSettings[] => {
  const simulated = (name: string) => values.VOLTGATE_SIMULATED.includes(name)
  const own = (["openai", "anthropic", "google"] as const).flatMap((name): ProviderSettings[] => {
    const [apiKey, baseUrl] =
      name === "openai"
        ? [values.OPENAI_API_KEY, values.OPENAI_BASE_URL]
        : name === "anthropic"
          ? [values.ANTHROPIC_API_KEY, values.ANTHROPIC_BASE_URL]
          : [values.GOOGLE_API_KEY, values.GOOGLE_BASE_URL]
    if (apiKey === undefined) return []
    return [{ name, wire: name, apiKey, simulated: simulated(name), ...(baseUrl === undefined ? {} : { baseUrl }) }]
  })
  const compatible = values.VOLTGATE_COMPATIBLE.map((server): ProviderSettings => ({
    ...server,
    wire: "openai",
    simulated: simulated(server.name),
  }))
  return [...own, ...compatible]
}

/** Of the answers that the near lane serves, at most this share may be wrong. */
const defaultDelta = 0.02

const findContradictions = (
  values: Environment,
  providers: readonly ProviderSettings[],
  autoModels: readonly (ModelRef | undefined)[] | undefined,
): readonly string[] => {
  const problems: string[] = []
  const known = new Set(providers.map((provider) => provider.name))
  if (providers.length === 0) {
    problems.push(
      "No provider is set: give OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_API_KEY or VOLTGATE_COMPATIBLE (`npx wrangler secret put NAME`).",
    )
  }
  if (known.size < providers.length) problems.push("VOLTGATE_COMPATIBLE: two providers have the same name.")
  if ((values.UPSTASH_REDIS_REST_URL === undefined) !== (values.UPSTASH_REDIS_REST_TOKEN === undefined)) {
    problems.push("UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN go together: set both or neither.")
  }
  if (values.VOLTGATE_CACHE_DELTA !== undefined && values.VOLTGATE_CACHE_CONFIDENCE !== undefined) {
    problems.push("VOLTGATE_CACHE_DELTA and VOLTGATE_CACHE_CONFIDENCE say one thing in two ways (1 − δ): set one.")
  }
  autoModels?.forEach((ref, index) => {
    const text = values.VOLTGATE_AUTO_MODELS?.[index]
    if (ref === undefined) problems.push(`VOLTGATE_AUTO_MODELS: "${text}" is not of the form provider/model.`)
    else if (!known.has(ref.provider))
      problems.push(`VOLTGATE_AUTO_MODELS: "${text}" names a provider that is not set.`)
  })
  const judge = values.VOLTGATE_CACHE_JUDGE === undefined ? undefined : parseModelRef(values.VOLTGATE_CACHE_JUDGE)
  if (values.VOLTGATE_CACHE_JUDGE !== undefined && (judge === undefined || !known.has(judge.provider))) {
    problems.push(
      `VOLTGATE_CACHE_JUDGE: "${values.VOLTGATE_CACHE_JUDGE}" must be provider/model, of a provider that is set.`,
    )
  }
  return problems
}
