import { GatewayError } from "../errors.ts"
import { createAnthropicProvider } from "./anthropic.ts"
import { createGoogleProvider } from "./google.ts"
import { createOpenAiProvider } from "./openai.ts"
import type { Provider, ProviderOptions, Wire } from "./provider.ts"

/** One provider as it is configured. */
export interface ProviderSettings {
  /** `openai`, `anthropic`, `google`, or a name of one's own for a compatible server. */
  readonly name: string
  readonly wire: Wire
  /** Servers of one's own may need none. */
  readonly apiKey?: string
  /** As the provider's own SDK takes it: `https://api.openai.com/v1`, `https://api.anthropic.com`, `https://generativelanguage.googleapis.com`. */
  readonly baseUrl?: string
  readonly simulated: boolean
  /** The models that it serves; absent: those of its name in the catalog. */
  readonly models?: readonly string[]
}

/** The configured providers by name. Throws `not_configured` with everything that is wrong. */
export const createProviders = (
  settings: readonly ProviderSettings[],
  { fetch, now }: { readonly fetch: typeof globalThis.fetch; readonly now: () => number },
): Map<string, Provider> => {
  const problems = findProblems(settings)
  if (problems.length > 0) throw new GatewayError("not_configured", problems.join(" "))
  return new Map(settings.map((one) => [one.name, creators[one.wire]({ ...one, fetch, now })]))
}

const creators: Readonly<Record<Wire, (options: ProviderOptions) => Provider>> = {
  openai: createOpenAiProvider,
  anthropic: (options) => createAnthropicProvider({ ...options, apiKey: options.apiKey ?? "" }),
  google: (options) => createGoogleProvider({ ...options, apiKey: options.apiKey ?? "" }),
}

const findProblems = (settings: readonly ProviderSettings[]): readonly string[] =>
  settings.flatMap(({ name, wire, apiKey, baseUrl }, index) => [
    ...(settings.findIndex((other) => other.name === name) < index
      ? [`Two providers are named ${name}; rename one.`]
      : []),
    // Only a server of one's own may do without a key.
    ...(apiKey === undefined && (wire !== "openai" || baseUrl === undefined)
      ? [`Provider ${name} has no API key; set one.`]
      : []),
    ...(baseUrl === undefined || isHttpUrl(baseUrl)
      ? []
      : [`Provider ${name}: "${baseUrl}" is no base URL; it starts with https:// or http://.`]),
  ])

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
