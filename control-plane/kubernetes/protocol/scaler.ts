import { deliver } from "../../notifications/deliver.ts"
import type { Channel } from "../../notifications/channel.ts"
import { createEvent } from "../client/events.ts"
import { holdLease, releaseLease } from "../client/lease.ts"
import type { LeasePlace, LeaseSight } from "../client/lease.ts"
import type { Send } from "../client/send.ts"
import type { Policy } from "../policies/policy.ts"
import type { HistoryEntry } from "./history-entry.ts"
import type { ReadSource } from "./read-beliefs.ts"
import { runCycle } from "./run-cycle.ts"
import { StateConflict } from "./state-store.ts"
import type { StateStore } from "./state-store.ts"

export interface ScalerOptions {
  readonly policies: readonly Policy[]
  readonly send: Send
  readonly readSource: ReadSource
  readonly store: StateStore
  readonly channels: readonly Channel[]
  readonly lease: LeasePlace
  /** Tells this instance from all others. */
  readonly identity: string
  readonly leaseMs: number
  readonly now: () => number
  readonly newId: () => string
}

export type Once =
  | { readonly kind: "ran"; readonly entries: readonly HistoryEntry[] }
  /** Another instance leads; nothing was done. */
  | { readonly kind: "not-leading"; readonly holder: string }

export interface Scaler {
  /** One cycle, if this instance leads. Throws a KubeError, or what a store throws; nothing is half done then. */
  readonly runOnce: () => Promise<Once>
  /** Lets another lead at once. */
  readonly release: () => Promise<void>
}

/** Runs cycles as long as this instance leads, and sends what people should hear after each. */
export const createScaler = (options: ScalerOptions): Scaler => {
  const { policies, send, readSource, store, channels, lease, identity, leaseMs, now, newId } = options
  let sight: LeaseSight | undefined
  const claim = () => ({
    place: lease,
    identity,
    durationMs: leaseMs,
    nowMs: now(),
    ...(sight === undefined ? {} : { sight }),
  })
  return {
    runOnce: async () => {
      const held = await holdLease(send, claim())
      sight = held.sight
      if (!held.held) return { kind: "not-leading", holder: held.holder }
      try {
        const entries = await runCycle({
          policies,
          store,
          send,
          readSource,
          channels: channels.map(({ name }) => name),
          now,
          newId,
          event: (entry, uid) => writeEvent(send, entry, uid, identity, now()),
        })
        await deliverOutbox(store, channels, now())
        return { kind: "ran", entries }
      } catch (error) {
        if (error instanceof StateConflict) return { kind: "not-leading", holder: "another instance" }
        throw error
      }
    },
    release: () => releaseLease(send, claim()),
  }
}

const writeEvent = async (
  send: Send,
  entry: HistoryEntry,
  uid: string,
  instance: string,
  atMs: number,
): Promise<void> => {
  const { decision, namespace, deployment, policy } = entry
  try {
    await createEvent(send, {
      target: { namespace, deployment },
      uid,
      reason: decision.direction === "up" ? "ScaledUp" : "ScaledDown",
      note: `${policy}: ${decision.currentReplicas} to ${decision.desiredReplicas} replicas. ${decision.reasons.join(" ")}`,
      type: "Normal",
      atMs,
      instance,
    })
  } catch {
    // The history says the same, and says it first.
  }
}

const deliverOutbox = async (store: StateStore, channels: readonly Channel[], nowMs: number): Promise<void> => {
  const { state } = await store.load()
  if (state.outbox.entries.every(({ dueAtMs }) => dueAtMs > nowMs)) return
  const outbox = await deliver(state.outbox, channels, nowMs)
  // Read anew: a person may have paused something while a receiver took its time.
  const fresh = await store.load()
  await store.save({ ...fresh, state: { ...fresh.state, outbox } })
}
