import { createCacheKeys } from "./cache/cache-key.ts"
import { createFrontCache } from "./cache/front-cache.ts"
import type { FrontCache } from "./cache/front-cache.ts"
import { createLexicalEmbedder } from "./cache/near/lexical-embedder.ts"
import { createCounters } from "./counters.ts"
import { createSealedCache } from "./cache/sealed-cache.ts"
import type { Gateway } from "./gateway.ts"
import { createPictureMemory } from "./images/identity/picture-memory.ts"
import { createPictureVault } from "./images/identity/picture-vault.ts"
import { createResultCache } from "./images/result-cache.ts"
import { createTokenDrift } from "./images/token-drift.ts"
import { createHedging } from "./pipeline/hedging.ts"
import type { AnswerCache } from "./ports/answer-cache.ts"
import type { Ports } from "./ports/ports.ts"
import { createProviders } from "./providers/create-providers.ts"
import { defaultAutoModels } from "./providers/models.ts"
import type { ModelRef } from "./routing/model-ref.ts"
import type { Settings } from "./settings.ts"

/** Some dozens of pictures as they are sent; an isolate has 128 MB for everything. */
const imageResultsBytes = 8_000_000

/** Puts settings and a host's ports together. */
export const createGateway = (settings: Settings, ports: Ports): Gateway => {
  const cache = ports.cache === undefined ? undefined : trusted(ports.cache, settings, ports)
  return {
    ports: { ...ports, ...(cache === undefined ? {} : { cache }) },
    latestEpoch: (tenant) => cache?.latestEpoch(tenant),
    settings,
    cacheKeys: createCacheKeys(settings.cacheSecret),
    embedder: ports.embedder ?? createLexicalEmbedder(),
    tokenDrift: createTokenDrift(),
    imageResults: createResultCache({ maxBytes: imageResultsBytes }),
    ...(ports.pictures === undefined
      ? {}
      : { pictureMemory: createPictureMemory({ ...ports.pictures, vault: createPictureVault(settings.cacheSecret) }) }),
    providers: createProviders(settings.providers, ports),
    autoModels: settings.autoModels ?? defaultModels(settings),
    hedging: createHedging(),
    counters: createCounters(),
    startedAt: ports.now(),
  }
}

/** What a store gives is checked before it is believed, and then remembered for a moment. */
const trusted = (store: AnswerCache, { cacheSecret }: Settings, { now }: Ports): FrontCache =>
  createFrontCache(createSealedCache(store, cacheSecret), { now })

/** One good model of each provider in the catalog, and every model of the compatible servers. */
const defaultModels = ({ providers }: Settings): readonly ModelRef[] =>
  providers.flatMap(({ name, models }) =>
    models === undefined
      ? defaultAutoModels.filter(({ provider }) => provider === name)
      : models.map((model) => ({ provider: name, model })),
  )
