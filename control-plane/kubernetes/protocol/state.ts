import { emptyOutbox } from "../../notifications/outbox.ts"
import type { Outbox } from "../../notifications/outbox.ts"
import type { PolicyMemory } from "../decide/memory.ts"
import type { HistoryEntry } from "./history-entry.ts"

/** A change that was about to be written; it is kept before, so that a crash in between is understood afterwards. */
export interface Intent {
  readonly id: string
  readonly atMs: number
  readonly from: number
  readonly to: number
}

/** What a person ordered: this many, until then. */
export interface Pin {
  readonly replicas: number
  readonly untilMs: number
  readonly reason: string
}

/** All that is known of a policy from one cycle to the next. */
export interface PolicyState {
  readonly memory: PolicyMemory
  /** What the deployment asked for when it was last looked at, or what was last written. */
  readonly seenReplicas?: number
  readonly intent?: Intent
  /** Somebody else changed the count: theirs is left alone until then. */
  readonly handsOffUntilMs?: number
  readonly pause?: { readonly untilMs: number; readonly reason: string }
  readonly pin?: Pin
  /** Since when no number was believed. */
  readonly badSinceMs?: number
  /** What people were told of, so that they are told once. */
  readonly told: readonly string[]
}

/** The one document that outlives a process. Plain JSON, bounded. */
export interface ScaleState {
  readonly version: 1
  readonly policies: Readonly<Record<string, PolicyState>>
  /** Oldest first. */
  readonly history: readonly HistoryEntry[]
  /** What people have not been told yet. */
  readonly outbox: Outbox
}

export const emptyState: ScaleState = { version: 1, policies: {}, history: [], outbox: emptyOutbox }

/** A ConfigMap takes a mebibyte; this leaves room for what JSON adds. */
const mostCharacters = 700_000

/** Drops the oldest history where the document grew too large to be kept. */
export const boundState = (state: ScaleState): ScaleState => {
  let history = state.history.slice(-2_000)
  while (history.length > 0 && JSON.stringify({ ...state, history }).length > mostCharacters) {
    history = history.slice(Math.ceil(history.length / 4))
  }
  return { ...state, history }
}
