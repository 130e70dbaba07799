import type { AnswerCache } from "./answer-cache.ts"
import type { Embedder } from "./embedder.ts"
import type { History } from "./history.ts"
import type { LaneLedger } from "./lane-ledger.ts"
import type { ImageEngine } from "./image-engine.ts"
import type { PictureIndex } from "./picture-index.ts"
import type { PictureReader } from "./picture-reader.ts"
import type { ProviderBoard } from "./provider-board.ts"
import type { QueryResults } from "./query-results.ts"
import type { SingleFlight } from "./single-flight.ts"
import type { RequestLedger } from "./request-ledger.ts"

/** What the gateway asks of the host it runs on. */
export interface Ports {
  /** Absent where no store is configured: then nothing is cached, and the record says so. */
  readonly cache?: AnswerCache
  /** Absent: the lexical one, which needs no host. */
  readonly embedder?: Embedder
  readonly board: ProviderBoard
  /** Absent: everybody asks a provider by themselves. */
  readonly flights?: SingleFlight
  readonly history?: History
  /** Absent: nothing is counted, and the near lane's answers are not checked. */
  readonly lanes?: LaneLedger
  /** Absent: the history's database is asked each time. */
  readonly queryResults?: QueryResults
  readonly ledger: RequestLedger
  readonly imageEngine: ImageEngine
  /** Absent: a picture is known by its bytes alone. */
  readonly pictures?: { readonly index: PictureIndex; readonly reader: PictureReader }
  readonly fetch: typeof fetch
  /** The addresses behind a name, on hosts whose fetch can reach a private network. */
  readonly resolveHost?: (hostname: string) => Promise<readonly string[]>
  readonly now: () => number
  readonly random: () => number
  /** Lets work go on after the answer was sent. */
  readonly background: (work: Promise<unknown>) => void
  /** Writes one structured log line. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void
}
