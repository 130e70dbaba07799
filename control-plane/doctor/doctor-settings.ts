import { UsageError } from "../arguments/usage-error.ts"

export interface DoctorSettings {
  /** The gateway's address, without a slash at its end. */
  readonly gatewayUrl: string
  readonly key?: string
  readonly redis?: { readonly url?: string; readonly token?: string }
  readonly databaseUrl?: string
}

const defaultUrl = "http://127.0.0.1:8787"

/** What to examine: options first, then the environment. Throws a UsageError for an address or a key of no use. */
export const readDoctorSettings = (
  options: { readonly url?: string; readonly key?: string },
  environment: Readonly<Record<string, string | undefined>>,
): DoctorSettings => {
  const from = (name: string): string | undefined => environment[name]?.trim() || undefined
  const gatewayUrl = readBaseUrl(options.url ?? from("VOLTGATE_URL") ?? defaultUrl)
  if (gatewayUrl === undefined) {
    const source = options.url === undefined ? "VOLTGATE_URL" : "--url"
    throw new UsageError(`${source} takes an address such as ${defaultUrl}: http or https, no user name, no query.`)
  }
  const key = options.key ?? from("VOLTGATE_KEY")
  if (key !== undefined && !isToken(key)) {
    const source = options.key === undefined ? "VOLTGATE_KEY" : "--key"
    throw new UsageError(`${source} holds characters that no key has; copy it again, without quotes and spaces.`)
  }
  const url = from("UPSTASH_REDIS_REST_URL")
  const token = from("UPSTASH_REDIS_REST_TOKEN")
  const databaseUrl = from("DATABASE_URL")
  return {
    gatewayUrl,
    ...(key === undefined ? {} : { key }),
    ...(url === undefined && token === undefined
      ? {}
      : { redis: { ...(url === undefined ? {} : { url }), ...(token === undefined ? {} : { token }) } }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  }
}

/** An http address to which a path can be added; `undefined` for anything else, and for one that holds a password. */
export const readBaseUrl = (text: string): string | undefined => {
  const url = URL.parse(text)
  if (url === null || !["http:", "https:"].includes(url.protocol)) return undefined
  if (`${url.username}${url.password}${url.search}${url.hash}` !== "") return undefined
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`
}

/** Visible ASCII alone: what an authorization header can carry. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)
