import * as v from "valibot"
import { changeKinds } from "../change.ts"

/**
 * The life of a change. `planned` and `building` are on disk before the server is asked for anything; `built` and `verifying`
 * wait for calls to be judged by; the last four are ends.
 */
export const changeStates = [
  "planned",
  "building",
  "built",
  "verifying",
  "reverting",
  "kept",
  "reverted",
  "failed",
  "abandoned",
] as const
export type ChangeState = (typeof changeStates)[number]

const count = v.pipe(v.number(), v.minValue(0))
const share = v.pipe(v.number(), v.minValue(0))

export const changeSchema = v.object({
  kind: v.picklist(changeKinds),
  schema: v.string(),
  table: v.string(),
  object: v.exactOptional(v.string()),
  sql: v.string(),
  inverse: v.exactOptional(v.string()),
  reason: v.string(),
  estimate: v.object({
    sizeBytes: v.exactOptional(count),
    savedShare: v.exactOptional(v.number()),
    queries: v.pipe(v.array(v.object({ queryId: v.string(), costRatio: share })), v.readonly()),
  }),
  unused: v.exactOptional(
    v.object({
      indexId: v.string(),
      definitionHash: v.string(),
      watchedDays: v.number(),
      until: v.pipe(v.string(), v.isoTimestamp()),
      scans: count,
      countedSince: v.exactOptional(v.string()),
      standbys: count,
    }),
  ),
})

const countersSchema = v.pipe(
  v.record(v.string(), v.object({ calls: count, totalMs: count, blocks: count })),
  v.readonly(),
)
/** Calls, time and blocks of shared memory (hit or read) by queryId, as the server had counted them at a moment. */
export type Counters = v.InferOutput<typeof countersSchema>

export const entrySchema = v.object({
  id: v.string(),
  change: changeSchema,
  /** The statement that undoes it, read from the catalog before the change; absent for what cannot be undone. */
  inverse: v.exactOptional(v.string()),
  state: v.picklist(changeStates),
  /** What was built, as the server numbers it: a name can be taken by another object later. */
  objectId: v.exactOptional(v.string()),
  /** An index that was not finished is there and has to be dropped. */
  hasLeftover: v.exactOptional(v.boolean()),
  /** Counters before the change, and when its watch window began. */
  before: v.exactOptional(countersSchema),
  baseline: v.exactOptional(v.object({ at: v.string(), counters: countersSchema })),
  /** Not proposed again before then. */
  quarantinedUntil: v.exactOptional(v.string()),
  history: v.pipe(
    v.array(v.object({ at: v.string(), state: v.picklist(changeStates), note: v.string() })),
    v.readonly(),
  ),
})
export type JournalEntry = Readonly<v.InferOutput<typeof entrySchema>>

const ends: ReadonlySet<ChangeState> = new Set(["kept", "reverted", "failed", "abandoned"])
export const hasEnded = ({ state, hasLeftover }: JournalEntry): boolean => ends.has(state) && hasLeftover !== true

/** Whether what the change made is in the database, as far as the record knows. */
export const isInPlace = ({ state }: JournalEntry): boolean =>
  state === "built" || state === "verifying" || state === "kept"

/** The entry a step further. `note` says what happened, in a sentence. */
export const move = (
  entry: JournalEntry,
  state: ChangeState,
  note: string,
  at: Date,
  more: Partial<JournalEntry> = {},
): JournalEntry => ({
  ...entry,
  ...more,
  state,
  history: [...entry.history, { at: at.toISOString(), state, note }],
})
