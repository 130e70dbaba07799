import { createApp } from "../../app.ts"
import { createGateway } from "../../create-gateway.ts"
import type { Ports } from "../../ports/ports.ts"
import { SettingsError, parseSettings } from "../../settings.ts"
import type { Settings } from "../../settings.ts"
import { chooseEmbedder } from "../choose-embedder.ts"
import { createMemoryAnswerCache } from "../memory/answer-cache.ts"
import { createMemoryQueryResults } from "../memory/query-results.ts"
import { createMemoryLaneLedger } from "../memory/lane-ledger.ts"
import { createMemoryPictureIndex } from "../memory/picture-index.ts"
import { createMemoryProviderBoard } from "../memory/provider-board.ts"
import { createMemorySingleFlight } from "../memory/single-flight.ts"
import { createMemoryRequestLedger } from "../memory/request-ledger.ts"
import { createNeonHistory } from "../neon/history.ts"
import { createUpstashAnswerCache } from "../upstash/answer-cache.ts"
import { createUpstashQueryResults } from "../upstash/query-results.ts"
import { createUpstashPictureIndex } from "../upstash/picture-index.ts"
import { createSharpEngine } from "./sharp-engine.ts"
import { createSharpReader } from "./sharp-reader.ts"

/**
 * The gateway on Deno: the same app over an in-process provider board and, without Upstash, an in-process cache.
 * PORT (8788) and HOST (127.0.0.1) say where it listens.
 */

const now = (): number => Date.now()
const log: Ports["log"] = (line) => console.log(JSON.stringify(line))

/** A process lives on after an answer, so background work only has to be kept from failing unseen. */
const background = (work: Promise<unknown>): void => {
  work.catch((error: unknown) => log({ message: "background work failed", error: String(error) }))
}

const resolveHost = async (hostname: string): Promise<readonly string[]> => {
  const answers = await Promise.allSettled([Deno.resolveDns(hostname, "A"), Deno.resolveDns(hostname, "AAAA")])
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []))
}

const createPorts = (settings: Settings): Ports => ({
  cache:
    settings.cache === undefined
      ? createMemoryAnswerCache({ now })
      : createUpstashAnswerCache({ ...settings.cache, now }),
  queryResults:
    settings.cache === undefined
      ? createMemoryQueryResults({ now })
      : createUpstashQueryResults({ ...settings.cache, now }),
  ...(settings.history === undefined ? {} : { history: createNeonHistory({ ...settings.history, now, log }) }),
  board: createMemoryProviderBoard({ now }),
  lanes: createMemoryLaneLedger({ now, delta: 1 - settings.nearLane.minConfidence }),
  flights: createMemorySingleFlight({ now }),
  ...chooseEmbedder(settings, { fetch }),
  ledger: createMemoryRequestLedger({ now }),
  imageEngine: createSharpEngine(),
  pictures: {
    index:
      settings.cache === undefined
        ? createMemoryPictureIndex({ now })
        : createUpstashPictureIndex({ ...settings.cache, now }),
    reader: createSharpReader(),
  },
  fetch,
  resolveHost,
  now,
  random: Math.random,
  background,
  log,
})

const readPort = (text: string | undefined): number => {
  const port = Number(text ?? "8788")
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new SettingsError([`PORT: "${text}" is no port; give a whole number from 0 to 65535.`])
}

const start = (): void => {
  const environment = Deno.env.toObject()
  const settings = parseSettings(environment)
  const port = readPort(environment["PORT"])
  const hostname = environment["HOST"] ?? "127.0.0.1"
  const app = createApp(createGateway(settings, createPorts(settings)))
  Deno.serve(
    { port, hostname, onListen: (at) => console.log(`Voltgate on Deno: http://${at.hostname}:${at.port}`) },
    (request) => app.fetch(request),
  )
}

try {
  start()
} catch (error) {
  if (error instanceof SettingsError) console.error(error.message)
  else if (error instanceof Deno.errors.AddrInUse) console.error("That port is taken; choose another with PORT=8790.")
  else throw error
  Deno.exit(1)
}
