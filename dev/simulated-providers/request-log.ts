import type { IncomingHttpHeaders } from "node:http"
import type { Fault } from "./faults.ts"
import type { SeenPicture, Wire } from "./wire.ts"

export interface LogEntry {
  readonly at: string
  readonly wire: Wire
  readonly path: string
  /** Absent when the request was turned away before it was read. */
  readonly model?: string
  readonly stream: boolean
  readonly pictures: readonly SeenPicture[]
  readonly promptCharacters: number
  /** The fault that struck, if any. */
  readonly fault: Fault
  /** `failed` by a fault; `unfinished` when the caller left, or this server was closed, before the end. */
  readonly outcome: "answered" | "refused" | "failed" | "unfinished"
  /** Absent when no status was sent. */
  readonly status?: number
  /** The caller closed the connection before it had the whole answer. */
  readonly aborted: boolean
  readonly inputTokens: number
  readonly outputTokens: number
  readonly durationMs: number
  /** As they were received, less whatever holds a secret. */
  readonly headers: Readonly<Record<string, string>>
}

export interface RequestLog {
  readonly add: (entry: LogEntry) => void
  readonly entries: () => readonly LogEntry[]
  readonly clear: () => void
}

/** Keeps the newest `limit` entries, oldest first. */
export const createRequestLog = (limit: number): RequestLog => {
  const entries: LogEntry[] = []
  return {
    add: (entry) => {
      entries.push(entry)
      if (entries.length > limit) entries.shift()
    },
    entries: () => [...entries],
    clear: () => {
      entries.length = 0
    },
  }
}

const secretName = /auth|cookie|key|secret|token/i

/** Headers that may be shown: a secret's name stays, its value goes, wherever the key was put. */
export const withoutSecrets = (headers: IncomingHttpHeaders, apiKey: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = [value ?? ""].flat().join(", ")
      return [name, secretName.test(name) || (apiKey !== "" && text.includes(apiKey)) ? "(hidden)" : text]
    }),
  )
