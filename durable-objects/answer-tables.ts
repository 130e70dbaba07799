import type { Member } from "../worker/cache/group.ts"
import { readNeighbor, writeNeighbor } from "../worker/cache/stored.ts"

/** An entry as it is stored, found under its own id or through an alias. */
export interface FoundEntry {
  readonly id: string
  /** JSON; who reads it checks it. */
  readonly answer: string
  readonly stamp: string
  readonly labels: readonly string[]
  readonly hits: number
  readonly lastAccessAt?: number
  readonly aliasSeal?: string
}

export interface EntryToPut extends Pick<FoundEntry, "answer" | "stamp" | "labels"> {
  readonly expiresAt: number
}

export interface AnswerTables {
  readonly find: (group: string, id: string, now: number) => FoundEntry | undefined
  readonly put: (group: string, id: string, entry: EntryToPut) => void
  /** False where nothing lies there. */
  readonly touch: (group: string, id: string, at: number) => boolean
  readonly alias: (
    group: string,
    from: string,
    id: string,
    seal: string | undefined,
    bounds: { readonly now: number; readonly limit: number },
  ) => void
  /** What an alias leads to. */
  readonly targetOf: (group: string, alias: string) => string | undefined
  /** An entry with its aliases, or an alias alone. */
  readonly remove: (group: string, id: string) => void
  readonly members: (group: string) => readonly Member[]
  readonly setMembers: (group: string, before: readonly Member[], after: readonly Member[]) => void
  readonly removeExpired: (now: number) => void
  /** When the next of all rows expires. */
  readonly nextEnd: () => number | undefined
  /** The tables are gone; the next use makes them anew. */
  readonly forget: () => void
}

/** Every column is listed in storage-schema.md. `hits` and `last_access_at` of an alias are its own. */
const schema = `
create table if not exists entries (
  grp text not null, id text not null, answer text not null, stamp text not null, labels text not null,
  hits integer not null default 0, last_access_at integer, expires_at integer not null, primary key (grp, id)
);
create table if not exists aliases (
  grp text not null, id text not null, target text not null, seal text,
  hits integer not null default 0, last_access_at integer, primary key (grp, id)
);
create table if not exists members (
  grp text not null, id text not null, neighbor text not null, stamp text not null, labels text not null,
  used_at integer not null, quarantined integer not null, expires_at integer not null, primary key (grp, id)
);
create index if not exists entries_end on entries (expires_at);
create index if not exists members_end on members (expires_at);
create index if not exists aliases_target on aliases (grp, target);
`

interface EntryRow extends Record<string, SqlStorageValue> {
  readonly id: string
  readonly answer: string
  readonly stamp: string
  readonly labels: string
  readonly hits: number
  readonly last_access_at: number | null
  readonly seal: string | null
}

interface MemberRow extends Record<string, SqlStorageValue> {
  readonly id: string
  readonly neighbor: string
  readonly stamp: string
  readonly labels: string
  readonly used_at: number
  readonly quarantined: number
  readonly expires_at: number
}

/** The statements of one shard's store, each with the type of its rows. */
export const createAnswerTables = (sql: SqlStorage): AnswerTables => {
  let made = false
  const run = <Row extends Record<string, SqlStorageValue>>(
    statement: string,
    ...values: readonly SqlStorageValue[]
  ): Row[] => {
    if (!made) sql.exec(schema)
    made = true
    return sql.exec<Row>(statement, ...values).toArray()
  }
  const findOwn = (group: string, id: string, now: number): EntryRow | undefined =>
    run<EntryRow>(
      `select id, answer, stamp, labels, hits, last_access_at, null as seal from entries
       where grp = ? and id = ? and expires_at > ?`,
      group,
      id,
      now,
    )[0]
  const findAliased = (group: string, id: string, now: number): EntryRow | undefined =>
    run<EntryRow>(
      `select e.id, e.answer, e.stamp, e.labels, a.hits, a.last_access_at, a.seal
       from aliases a join entries e on e.grp = a.grp and e.id = a.target
       where a.grp = ? and a.id = ? and e.expires_at > ?`,
      group,
      id,
      now,
    )[0]
  const count = (statement: string, ...values: readonly SqlStorageValue[]): number =>
    run<{ n: number }>(statement, ...values)[0]?.n ?? 0

  return {
    find: (group, id, now) => {
      const row = findOwn(group, id, now) ?? findAliased(group, id, now)
      return row === undefined ? undefined : toEntry(row)
    },
    put: (group, id, { answer, stamp, labels, expiresAt }) => {
      run("delete from aliases where grp = ? and id = ?", group, id)
      run(
        "insert or replace into entries (grp, id, answer, stamp, labels, expires_at) values (?, ?, ?, ?, ?, ?)",
        group,
        id,
        answer,
        stamp,
        labels.join(" "),
        expiresAt,
      )
    },
    touch: (group, id, at) =>
      ["entries", "aliases"].some(
        (table) =>
          run(
            `update ${table} set hits = hits + 1, last_access_at = ? where grp = ? and id = ? returning id`,
            at,
            group,
            id,
          ).length > 0,
      ),
    alias: (group, from, id, seal, { now, limit }) => {
      if (findOwn(group, id, now) === undefined) return
      if (count("select count(*) as n from aliases where grp = ? and target = ?", group, id) >= limit) return
      run("delete from entries where grp = ? and id = ?", group, from)
      run("insert or replace into aliases (grp, id, target, seal) values (?, ?, ?, ?)", group, from, id, seal ?? null)
    },
    targetOf: (group, alias) =>
      run<{ target: string }>("select target from aliases where grp = ? and id = ?", group, alias)[0]?.target,
    remove: (group, id) => {
      run("delete from entries where grp = ? and id = ?", group, id)
      run("delete from aliases where grp = ? and (id = ? or target = ?)", group, id, id)
    },
    members: (group) =>
      run<MemberRow>(
        `select id, neighbor, stamp, labels, used_at, quarantined, expires_at from members
         where grp = ? order by used_at`,
        group,
      ).flatMap(toMember),
    setMembers: (group, before, after) => {
      const kept = new Set(after)
      for (const { near } of before) {
        if (!after.some((member) => member.near.id === near.id))
          run("delete from members where grp = ? and id = ?", group, near.id)
      }
      for (const member of before) kept.delete(member)
      for (const { near, stamp, labels, usedAt, expiresAt } of kept) {
        run(
          `insert or replace into members (grp, id, neighbor, stamp, labels, used_at, quarantined, expires_at)
           values (?, ?, ?, ?, ?, ?, ?, ?)`,
          group,
          near.id,
          writeNeighbor(near, near),
          stamp,
          labels.join(" "),
          usedAt,
          near.quarantined === true ? 1 : 0,
          expiresAt,
        )
      }
    },
    removeExpired: (now) => {
      run("delete from entries where expires_at <= ?", now)
      run("delete from members where expires_at <= ?", now)
      run("delete from aliases where not exists (select 1 from entries e where e.grp = aliases.grp and e.id = target)")
    },
    nextEnd: () => {
      const ends = `select min(expires_at) as next from (select expires_at from entries union all select expires_at from members)`
      return run<{ next: number | null }>(ends)[0]?.next ?? undefined
    },
    forget: () => {
      made = false
    },
  }
}

const toLabels = (text: string): readonly string[] => (text === "" ? [] : text.split(" "))

const toEntry = ({ id, answer, stamp, labels, hits, last_access_at: lastAccessAt, seal }: EntryRow): FoundEntry => ({
  id,
  answer,
  stamp,
  labels: toLabels(labels),
  hits,
  ...(lastAccessAt === null ? {} : { lastAccessAt }),
  ...(seal === null ? {} : { aliasSeal: seal }),
})

/** A member that cannot be read is none. */
const toMember = (row: MemberRow): readonly Member[] => {
  const near = readNeighbor(row.id, row.neighbor, row.quarantined === 1)
  const { stamp, used_at: usedAt, expires_at: expiresAt } = row
  return near === undefined ? [] : [{ near, expiresAt, stamp, labels: toLabels(row.labels), usedAt }]
}
