import { GatewayError } from "../errors.ts"
import type { Settings } from "../settings.ts"
import type { Caller } from "./stages.ts"

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"])

const localCaller: Caller = { tenant: "local", admin: "local" }

/**
 * Callers by a key that was found right before, for each list of keys: to hash it again costs more than all else that
 * lets a request in. Wrong keys are not remembered, so there are never more entries than keys.
 */
const knownCallers = new WeakMap<Settings["keys"], Map<string, Caller>>()

/**
 * Whose request this is, by its key in `authorization: Bearer …` or `x-api-key`. Without any key in the settings only
 * callers on the same machine are served, and only where the settings say so.
 */
export const authenticate = async (
  request: { readonly url: string; readonly headers: Pick<Headers, "get"> },
  { keys, openOnLoopback }: Pick<Settings, "keys" | "openOnLoopback">,
): Promise<Caller> => {
  if (keys.length === 0) {
    if (openOnLoopback && loopbackHosts.has(new URL(request.url).hostname)) return localCaller
    throw new GatewayError(
      "not_configured",
      "No API key is set, so this gateway serves nobody. Make one with `npx voltgate key --tenant NAME` and store what it prints as the secret VOLTGATE_KEYS.",
    )
  }
  const key = readKey(request.headers)
  if (key === undefined) {
    throw new GatewayError(
      "invalid_key",
      "Send your Voltgate key as `authorization: Bearer <key>` or `x-api-key: <key>`.",
    )
  }
  const known = knownCallers.get(keys) ?? new Map<string, Caller>()
  knownCallers.set(keys, known)
  const caller = known.get(key) ?? (await findCaller(key, keys))
  known.set(key, caller)
  return caller
}

const findCaller = async (key: string, keys: Settings["keys"]): Promise<Caller> => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)))
  // Every stored key is compared, whichever fits, so that the time taken tells nothing.
  const matches = keys.filter((stored) => equalInConstantTime(digest, fromHex(stored.sha256)))
  const [match] = matches
  if (match === undefined)
    throw new GatewayError("invalid_key", "This key is not known here. Check it, or ask for a new one.")
  return {
    tenant: match.tenant,
    ...(match.providers === undefined ? {} : { providers: match.providers }),
    ...(match.queryTypes === undefined ? {} : { queryTypes: match.queryTypes }),
    // The digest's beginning tells a tenant's keys apart, and says nothing about them.
    ...(match.admin === true ? { admin: `${match.tenant} (key ${match.sha256.slice(0, 8)})` } : {}),
  }
}

const readKey = (headers: Pick<Headers, "get">): string | undefined => {
  const bearer = /^bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1]
  return bearer ?? headers.get("x-api-key") ?? undefined
}

const equalInConstantTime = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  let difference = 0
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0)
  return difference === 0
}

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16))
