import * as v from "valibot"
import { epochOf, labelLimit, noEpoch } from "../../cache/epochs.ts"
import type { NearEntry } from "../../cache/near/near-entry.ts"
import { readAnswer, readNeighbor, writeAnswer, writeNeighbor } from "../../cache/stored.ts"
import { aliasLimit, groupLimit } from "../../ports/answer-cache.ts"
import type { AnswerCache, CacheAddress, CacheEntry, Lookup } from "../../ports/answer-cache.ts"
import { createBreaker } from "./breaker.ts"
import { openRedis } from "./open-redis.ts"
import { createScriptRunner } from "./run-script.ts"
import { aliasScript, invalidateScript, lookUpScript, quarantineScript, touchScript, writeScript } from "./scripts.ts"
import { withoutSecrets } from "./without-secrets.ts"

export interface UpstashOptions {
  readonly url: string
  readonly token: string
  readonly now: () => number
  /** Names a tenant's book of invalidations, uniquely. */
  readonly newBase?: () => string
  /** For each call to the store. */
  readonly timeoutMs?: number
}

/** A book outlives every entry that is stamped by it. */
const bookLifeMs = 2 * 86_400_000

/**
 * Answers in Redis, through Upstash's REST interface. Each method is one script, and so one command and one round trip,
 * once the server has the scripts. (Upstash runs a script on the locks of its keys alone, but one within a transaction
 * on the global lock.) Every call has a deadline, and a breaker keeps a dead store from costing that deadline each time.
 */
export const createUpstashAnswerCache = ({
  url,
  token,
  now,
  newBase = () => crypto.randomUUID(),
  timeoutMs = 150,
}: UpstashOptions): AnswerCache => {
  const redis = openRedis(url, token, timeoutMs)
  const breaker = createBreaker({ now })
  const guarded = <T>(work: () => Promise<T>): Promise<T> => breaker(() => withoutSecrets(token, work))
  const runScript = createScriptRunner(redis)
  const run: typeof runScript = (...script) => guarded(() => runScript(...script))
  const removeKeys = (...keys: readonly string[]): Promise<unknown> => guarded(() => redis.del(...keys))

  const ask = async (address: CacheAddress, what: "group" | "entry"): Promise<Lookup> => {
    const keys = [entryKey(address), groupKey(address), bookKey(address.tenant)]
    const reply = v.parse(v.array(text), await run(lookUpScript, keys, [what, String(groupLimit)]))
    const nothing: Lookup = { found: false, epoch: noEpoch, neighbors: [] }
    if (reply[0] === "corrupt") {
      await removeKeys(keys[Number(reply[1]) - 1] ?? entryKey(address)).catch(() => undefined)
      return nothing
    }
    const [base, clock, kind, ...rest] = v.parse(Found, reply)
    const epoch = base === "" ? noEpoch : epochOf({ base, clock })
    if (kind === "group") return { found: false, epoch, neighbors: readMembers(rest, now()) }
    const entry = readEntry(rest)
    if (entry === undefined) await removeKeys(entryKey(address)).catch(() => undefined)
    if (entry === undefined || entry.answer.expiresAt <= now()) return { ...nothing, epoch }
    return { found: true, epoch, entry }
  }

  return {
    lookUp: (address) => ask(address, "group"),
    read: async (address) => {
      const looked = await ask(address, "entry")
      return looked.found && looked.entry.id === address.entry ? looked.entry : undefined
    },
    write: async (address, { answer, epoch, labels, near }) => {
      await run(
        writeScript,
        [entryKey(address), groupKey(address), bookKey(address.tenant)],
        [
          epoch,
          newBase(),
          String(bookLifeMs),
          labels.join(" "),
          writeAnswer(answer),
          String(answer.expiresAt),
          String(now()),
          address.entry,
          near === undefined ? "" : writeNeighbor(answer, near),
          String(groupLimit),
          String(answer.writtenAt),
        ],
      )
    },
    touch: async (address, { id }, at) => {
      await run(touchScript, [entryKey(address), groupKey(address)], [id, String(at)])
    },
    alias: async (from, id, seal = "") => {
      if (from.entry === id) return
      const keys = [entryKey(from), entryKey({ ...from, entry: id })]
      await run(aliasScript, keys, [from.entry, id, String(aliasLimit), seal])
    },
    quarantine: async (address) => {
      const quarantine = async (entry: string): Promise<readonly [id: string, aliases: string]> => {
        const keys = [entryKey({ ...address, entry }), groupKey(address)]
        return v.parse(QuarantineReply, await run(quarantineScript, keys, [entry]))
      }
      const [id, aliases] = await quarantine(address.entry)
      const [, further] = id === address.entry ? [id, aliases] : await quarantine(id)
      const keys = further.split(" ").flatMap((entry) => (entry === "" ? [] : [entryKey({ ...address, entry })]))
      if (keys.length > 0) await removeKeys(...keys)
    },
    remove: async (address) => {
      await removeKeys(entryKey(address))
    },
    invalidate: async (tenant, labels) => {
      if (labels !== "all" && labels.length === 0) return
      const names = labels === "all" ? [] : labels
      await run(invalidateScript, [bookKey(tenant)], [newBase(), String(bookLifeMs), String(labelLimit), ...names])
    },
  }
}

const entryKey = ({ tenant, group, entry }: CacheAddress): string => `voltgate:answer:2:${tenant}:${group}:${entry}`
const groupKey = ({ tenant, group }: CacheAddress): string => `voltgate:group:2:${tenant}:${group}`
const bookKey = (tenant: string): string => `voltgate:epochs:2:${tenant}`

const text = v.nullable(v.string())
const Found = v.tupleWithRest(
  [v.string(), v.pipe(v.string(), v.transform(Number)), v.picklist(["entry", "group"])],
  text,
)
const QuarantineReply = v.tuple([v.string(), v.string()])

const numeral = v.pipe(v.string(), v.nonEmpty(), v.transform(Number), v.finite(), v.minValue(0))
const EntryFields = v.tuple([v.string(), v.string(), numeral, v.nullable(numeral), text])

/** Undefined when the fields are not what `write`, `alias` and `touch` leave. */
const readEntry = (fields: readonly (string | null)[]): CacheEntry | undefined => {
  const parsed = v.safeParse(EntryFields, fields)
  if (!parsed.success) return undefined
  const [id, json, hits, lastAccessAt, aliasSeal] = parsed.output
  const answer = readAnswer(json)
  if (answer === undefined) return undefined
  return {
    id,
    answer,
    hits,
    ...(lastAccessAt === null ? {} : { lastAccessAt }),
    ...(aliasSeal === null ? {} : { aliasSeal }),
  }
}

/** A member that cannot be read, or whose time is over, is left out; the group's next write clears it away. */
const readMembers = (fields: readonly (string | null)[], now: number): readonly NearEntry[] =>
  fields.flatMap((id, index) => {
    if (index % 2 === 1) return []
    const [header = "", json] = (fields[index + 1] ?? "").split("\n", 2)
    const [expiresAt, , quarantined] = header.split(" ")
    const entry = Number(expiresAt) > now ? readNeighbor(id ?? "", json, quarantined === "1") : undefined
    return entry === undefined ? [] : [entry]
  })
