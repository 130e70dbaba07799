import * as v from "valibot"
import { openDatabase } from "../connect/open-database.ts"
import type { Database } from "../database.ts"
import { readScans } from "./read-scans.ts"
import type { ServerScans } from "./read-scans.ts"

/** A standby was named that is none of this database's; the message says which. */
export class NoStandby extends Error {
  override readonly name = "NoStandby"
}

export interface Standbys {
  /** That replicate from the primary or from one of those looked at, or were named; also those that are away at the moment. */
  readonly attached: number
  /** Of those that answered. */
  readonly scans: readonly ServerScans[]
}

const attachedQuery = `SELECT
  (SELECT count(*) FROM pg_stat_replication r WHERE r.state IS DISTINCT FROM 'backup'
     AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical'))::int
  + (SELECT count(*) FROM pg_replication_slots s WHERE s.slot_type = 'physical' AND NOT s.active AND NOT s.temporary)::int AS attached`

/** How many standbys replicate from this server; subscribers of logical replication and backups are none. */
export const countStandbys = async (database: Database): Promise<number> =>
  v.parse(v.object({ attached: v.number() }), (await database.query(attachedQuery))[0]).attached

const identityQuery = "SELECT system_identifier::text AS id, pg_is_in_recovery() AS is_standby FROM pg_control_system()"
const Identity = v.object({ id: v.string(), is_standby: v.boolean() })

/**
 * What the standbys at these addresses have counted; one that is out of reach is attached and not looked at. Throws a NoStandby
 * for one that is no copy of this database.
 */
export const readStandbys = async (database: Database, urls: readonly string[]): Promise<Standbys> => {
  const own = urls.length === 0 ? undefined : await identify(database)
  let attached = await countStandbys(database)
  const scans: ServerScans[] = []
  for (const url of urls) {
    const { host } = new URL(url)
    const opened = await openDatabase({ url, purpose: "report" }).catch(() => undefined)
    if (opened === undefined) continue
    await using standby = opened
    const its = await identify(standby)
    if (own?.id !== its.id || !its.is_standby) throw new NoStandby(`${host} is no standby of this database.`)
    attached += await countStandbys(standby)
    scans.push(await readScans(standby, host))
  }
  return { attached: Math.max(attached, urls.length), scans }
}

const identify = async (database: Database): Promise<v.InferOutput<typeof Identity>> =>
  v.parse(Identity, (await database.query(identityQuery))[0])
