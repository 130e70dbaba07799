import type { Counters } from "./counters.ts"
import type { CacheKeys } from "./cache/cache-key.ts"
import type { PictureMemory } from "./images/identity/picture-memory.ts"
import type { ResultCache } from "./images/result-cache.ts"
import type { TokenDrift } from "./images/token-drift.ts"
import type { Hedging } from "./pipeline/hedging.ts"
import type { Embedder } from "./ports/embedder.ts"
import type { Ports } from "./ports/ports.ts"
import type { Provider } from "./providers/provider.ts"
import type { ModelRef } from "./routing/model-ref.ts"
import type { Settings } from "./settings.ts"

/** What every step may draw on; a step asks for the part that it uses. */
export interface Gateway {
  readonly ports: Ports
  readonly settings: Settings
  readonly cacheKeys: CacheKeys
  /** The latest that this isolate heard of a tenant's invalidations. */
  readonly latestEpoch: (tenant: string) => string | undefined
  readonly embedder: Embedder
  readonly imageResults: ResultCache
  readonly tokenDrift: TokenDrift
  /** Tells copies of pictures; absent where the host keeps no index of them. */
  readonly pictureMemory?: PictureMemory
  /** By name. */
  readonly providers: ReadonlyMap<string, Provider>
  /** What `auto` chooses from, in the settings' order. */
  readonly autoModels: readonly ModelRef[]
  readonly hedging: Hedging
  readonly counters: Counters
  /** When this isolate or process began to serve; milliseconds since the epoch. */
  readonly startedAt: number
}
