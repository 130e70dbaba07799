import { DurableObject } from "cloudflare:workers"
import { memberOf, withMember } from "../worker/cache/group.ts"
import type { Member } from "../worker/cache/group.ts"
import { writeAnswer } from "../worker/cache/stored.ts"
import { aliasLimit } from "../worker/ports/answer-cache.ts"
import type { AnswerToKeep, CachedAnswer } from "../worker/ports/answer-cache.ts"
import { createAnswerTables } from "./answer-tables.ts"
import type { AnswerTables, FoundEntry } from "./answer-tables.ts"
import { createGroupMemory } from "./group-memory.ts"

/** An alarm that ran may find little to do; it is not set again before this. */
const leastBetweenAlarmsMs = 60_000

export interface ShardReply {
  /** As it is stored; whether it still stands is for the caller to say, who knows the tenant's invalidations. */
  readonly entry?: FoundEntry
  /** Where there is no entry. */
  readonly members: readonly Member[]
}

/**
 * Some of a tenant's picture groups, with their answers: the cache's store where no Redis is set up. A thin shell over
 * the rules of worker/cache/. Answers lie in SQLite alone; what groups know of them, vectors above all, is in memory too.
 */
export class AnswerShard extends DurableObject {
  readonly #tables: AnswerTables
  readonly #groups = createGroupMemory()
  /** When the next alarm comes; undefined while that is not known. */
  #alarmAt: number | null | undefined

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env)
    this.#tables = createAnswerTables(state.storage.sql)
  }

  async lookUp(group: string, id: string): Promise<ShardReply> {
    const now = Date.now()
    const entry = this.#tables.find(group, id, now)
    if (entry !== undefined) return { entry, members: [] }
    return { members: this.#members(group).filter(({ expiresAt }) => expiresAt > now) }
  }

  async read(group: string, id: string): Promise<FoundEntry | undefined> {
    const entry = this.#tables.find(group, id, Date.now())
    return entry?.id === id ? entry : undefined
  }

  async write(
    group: string,
    id: string,
    answer: CachedAnswer,
    { epoch: stamp, labels, near }: Pick<AnswerToKeep, "epoch" | "labels" | "near">,
  ): Promise<void> {
    this.#tables.put(group, id, { answer: writeAnswer(answer), stamp, labels, expiresAt: answer.expiresAt })
    if (near !== undefined) {
      const added = memberOf({ entry: id }, answer, near, { stamp, labels })
      this.#setMembers(group, withMember(this.#members(group), added, Date.now()))
    }
    await this.#wakeBy(answer.expiresAt)
  }

  async touch(group: string, id: string, entryId: string, at: number): Promise<void> {
    if (!this.#tables.touch(group, id, at)) return
    const members = this.#members(group)
    if (!members.some(({ near }) => near.id === entryId)) return
    this.#setMembers(
      group,
      members.map((member) => (member.near.id === entryId ? { ...member, usedAt: at } : member)),
    )
  }

  async alias(group: string, from: string, id: string, seal: string | undefined): Promise<void> {
    this.#tables.alias(group, from, id, seal, { now: Date.now(), limit: aliasLimit })
  }

  async quarantine(group: string, id: string): Promise<void> {
    const entryId = this.#tables.targetOf(group, id) ?? id
    this.#tables.remove(group, id)
    this.#tables.remove(group, entryId)
    const members = this.#members(group)
    if (!members.some(({ near }) => near.id === entryId)) return
    this.#setMembers(
      group,
      members.map((member) =>
        member.near.id === entryId ? { ...member, near: { ...member.near, quarantined: true } } : member,
      ),
    )
  }

  async remove(group: string, id: string): Promise<void> {
    this.#tables.remove(group, id)
  }

  /** Clears away what has expired. When nothing is left, nothing stays, and no alarm is set. */
  override async alarm(): Promise<void> {
    this.#alarmAt = null
    const now = Date.now()
    this.#tables.removeExpired(now)
    this.#groups.clear()
    const next = this.#tables.nextEnd()
    if (next === undefined) {
      this.#tables.forget()
      await this.ctx.storage.deleteAll()
    } else await this.#wakeBy(Math.max(next, now + leastBetweenAlarmsMs))
  }

  #members(group: string): readonly Member[] {
    const known = this.#groups.get(group)
    if (known !== undefined) return known
    const members = this.#tables.members(group)
    this.#groups.set(group, members)
    return members
  }

  #setMembers(group: string, members: readonly Member[]): void {
    this.#tables.setMembers(group, this.#members(group), members)
    this.#groups.set(group, members)
  }

  async #wakeBy(at: number): Promise<void> {
    this.#alarmAt ??= await this.ctx.storage.getAlarm()
    if (this.#alarmAt !== null && this.#alarmAt <= at) return
    await this.ctx.storage.setAlarm(at)
    this.#alarmAt = at
  }
}
