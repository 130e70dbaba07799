import type { Redis } from "@upstash/redis/cloudflare"

/** A Lua script that runs in Redis. */
export interface Script {
  /** Without a shebang line. */
  readonly body: string
  readonly writes: boolean
}

export type RunScript = (script: Script, keys: readonly string[], args: readonly string[]) => Promise<unknown>

/**
 * Runs scripts by their hash. A script's first run here sends its text, so that no trip is lost on a server that does not
 * have it; one that lost it gets it again. Upstash holds its one global lock for a script that does not say that it
 * touches nothing but its keys; other servers refuse a script that says so. So it is said until a server refuses it.
 */
export const createScriptRunner = (redis: Redis): RunScript => {
  /** By text; of scripts that the server has run. */
  const hashes = new Map<string, string>()
  let saysItsKeys = true

  const send = async (text: string, { writes }: Script, keys: string[], args: string[]): Promise<unknown> => {
    const result = await (writes ? redis.eval(text, keys, args) : redis.evalRo(text, keys, args))
    hashes.set(text, await sha1(text))
    return result
  }
  const run = async (text: string, script: Script, keys: string[], args: string[]): Promise<unknown> => {
    const hash = hashes.get(text)
    if (hash === undefined) return send(text, script, keys, args)
    try {
      return await (script.writes ? redis.evalsha(hash, keys, args) : redis.evalshaRo(hash, keys, args))
    } catch (error) {
      if (!String(error).includes("NOSCRIPT")) throw error
      return send(text, script, keys, args)
    }
  }
  return async (script, keys, args) => {
    if (saysItsKeys) {
      try {
        return await run(withShebang(script), script, [...keys], [...args])
      } catch (error) {
        if (!refusesShebang(error)) throw error
        saysItsKeys = false
      }
    }
    return run(script.body, script, [...keys], [...args])
  }
}

const sha1 = async (text: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text)))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

const withShebang = ({ body, writes }: Script): string =>
  `#!lua flags=${writes ? "" : "no-writes,"}allow-key-locking\n${body}`

/** Redis 7 and later know shebangs and not this flag; older ones take it for Lua. */
const refusesShebang = (error: unknown): boolean =>
  /unexpected flag in script shebang|unexpected symbol near '#'/i.test(String(error))
