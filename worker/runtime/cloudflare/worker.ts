import photonModule from "@cf-wasm/photon/photon.wasm"
import { env, waitUntil } from "cloudflare:workers"
import type { AnswerEpochs } from "../../../durable-objects/answer-epochs.ts"
import type { AnswerShard } from "../../../durable-objects/answer-shard.ts"
import type { FlightLease } from "../../../durable-objects/flight-lease.ts"
import type { LaneKeeper } from "../../../durable-objects/lane-keeper.ts"
import type { LedgerObject } from "../../../durable-objects/request-ledger.ts"
import type { PictureShelf } from "../../../durable-objects/picture-shelf.ts"
import type { ProviderState } from "../../../durable-objects/provider-state.ts"
import { createApp } from "../../app.ts"
import { createGateway } from "../../create-gateway.ts"
import { createMisconfiguredApp } from "../../misconfigured-app.ts"
import type { Ports } from "../../ports/ports.ts"
import { SettingsError, parseSettings } from "../../settings.ts"
import type { Settings } from "../../settings.ts"
import { chooseEmbedder } from "../choose-embedder.ts"
import { createNeonHistory } from "../neon/history.ts"
import { createUpstashAnswerCache } from "../upstash/answer-cache.ts"
import type { AiBinding } from "../workers-ai/embedder.ts"
import { createUpstashQueryResults } from "../upstash/query-results.ts"
import { createDurableAnswerCache } from "./answer-cache.ts"
import { createCloudflareLaneLedger } from "./lane-ledger.ts"
import { createUpstashPictureIndex } from "../upstash/picture-index.ts"
import { createDurablePictureIndex } from "./picture-index.ts"
import { createPictureHost } from "./picture-engine.ts"
import { createCloudflareProviderBoard } from "./provider-board.ts"
import { createCloudflareRequestLedger } from "./request-ledger.ts"
import { createCloudflareSingleFlight } from "./single-flight.ts"

export { AnswerEpochs } from "../../../durable-objects/answer-epochs.ts"
export { AnswerShard } from "../../../durable-objects/answer-shard.ts"
export { FlightLease } from "../../../durable-objects/flight-lease.ts"
export { LaneKeeper } from "../../../durable-objects/lane-keeper.ts"
export { LedgerObject } from "../../../durable-objects/request-ledger.ts"
export { PictureShelf } from "../../../durable-objects/picture-shelf.ts"
export { ProviderState } from "../../../durable-objects/provider-state.ts"

declare global {
  namespace Cloudflare {
    interface Env {
      readonly ANSWER_STORE: DurableObjectNamespace<AnswerShard>
      readonly ANSWER_EPOCHS: DurableObjectNamespace<AnswerEpochs>
      readonly FLIGHTS: DurableObjectNamespace<FlightLease>
      readonly LANES: DurableObjectNamespace<LaneKeeper>
      readonly PICTURES: DurableObjectNamespace<PictureShelf>
      readonly PROVIDER_STATE: DurableObjectNamespace<ProviderState>
      readonly IMAGES?: ImagesBinding
      /** Only in an environment of wrangler.toml that binds it: plain `wrangler dev` cannot start with it. */
      readonly AI?: AiBinding
      readonly LEDGER: DurableObjectNamespace<LedgerObject>
    }
  }
}

const now = (): number => Date.now()
// One JSON object a line; the platform collects standard output.
// oxlint-disable-next-line no-console
const log: Ports["log"] = (line) => console.log(JSON.stringify(line))

const createPicturePorts = ({ cache }: Settings): Pick<Ports, "imageEngine" | "pictures"> => {
  const { engine, reader } = createPictureHost({
    photon: photonModule,
    ...(env.IMAGES === undefined ? {} : { images: env.IMAGES }),
  })
  const index =
    cache === undefined
      ? createDurablePictureIndex({ shelves: env.PICTURES, now })
      : createUpstashPictureIndex({ ...cache, now })
  return { imageEngine: engine, pictures: { index, reader } }
}

const createPorts = (settings: Settings, region: string | undefined): Ports => ({
  ...(settings.cache === undefined ? {} : { queryResults: createUpstashQueryResults({ ...settings.cache, now }) }),
  cache:
    settings.cache === undefined
      ? createDurableAnswerCache({ shards: env.ANSWER_STORE, epochs: env.ANSWER_EPOCHS, now })
      : createUpstashAnswerCache({ ...settings.cache, now }),
  ...(settings.history === undefined ? {} : { history: createNeonHistory({ ...settings.history, now, log }) }),
  board: createCloudflareProviderBoard(env.PROVIDER_STATE, {
    now,
    random: Math.random,
    isolate: crypto.randomUUID(),
    ...(region === undefined ? {} : { region }),
    log,
  }),
  lanes: createCloudflareLaneLedger(env.LANES, { now, delta: 1 - settings.nearLane.minConfidence, log }),
  flights: createCloudflareSingleFlight(env.FLIGHTS, { now, log }),
  ...chooseEmbedder(settings, { fetch: (input, init) => fetch(input, init), ai: env.AI }),
  ...createPicturePorts(settings),
  ledger: createCloudflareRequestLedger(env.LEDGER, { now, log }),
  fetch: (input, init) => fetch(input, init),
  now,
  random: Math.random,
  background: waitUntil,
  log,
})

/** An isolate stays where it is, and is asked from nearby: where the setting says so, the continent of its first request is its region. */
const regionOf = ({ region }: Settings, { cf }: Request<unknown, IncomingRequestCfProperties>): string | undefined =>
  region === "auto" ? cf?.continent?.toLowerCase() : region

const start = (request: Request<unknown, IncomingRequestCfProperties>): ReturnType<typeof createApp> => {
  try {
    const settings = parseSettings({ ...env })
    return createApp(createGateway(settings, createPorts(settings, regionOf(settings, request))))
  } catch (error) {
    if (error instanceof SettingsError) return createMisconfiguredApp(error)
    throw error
  }
}

let app: ReturnType<typeof createApp> | undefined

/** The app is made with an isolate's first request: random values are not to be had before. */
const handler: ExportedHandler = {
  fetch: (request) => (app ??= start(request)).fetch(request),
}
export default handler
