import { startRedisEndpoint } from "../dev/redis-endpoint/start.ts"
import { startSimulatedProviders } from "../dev/simulated-providers/server.ts"
import type { SimulatedProviders } from "../dev/simulated-providers/server.ts"
import { startFlakyProxy } from "./flaky-proxy.ts"
import type { FlakyProxy } from "./flaky-proxy.ts"
import { startRecordingUpstream } from "./recording-upstream.ts"
import type { RecordingUpstream } from "./recording-upstream.ts"

/** A gateway that runs somewhere and answers HTTP. */
export interface RunningGateway {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Starts a gateway with these settings on a free port of this machine. */
export type StartGateway = (environment: Readonly<Record<string, string>>) => Promise<RunningGateway>

export interface World extends RunningGateway {
  readonly providers: SimulatedProviders
  readonly redis: FlakyProxy
  readonly recorder: RecordingUpstream
}

/** The key that the simulated providers accept; it must never show up in anything that the gateway says. */
export const providerKey = "sk-simulated-0123456789abcdef"

/** What the recording server answers: not quite what a client would parse, so that any re-serialization shows. */
export const recordedAnswer = '{"id": "x",   "object":"chat.completion", "choices":[], "odd": 1.0}\n'

/**
 * A gateway between simulated providers, a Redis endpoint that can be made to fail, and a server that records. A setting
 * that is undefined is left out.
 */
export const startWorld = async (
  start: StartGateway,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<World> => {
  const providers = await startSimulatedProviders({ speed: 0, apiKey: providerKey })
  const endpoint = await startRedisEndpoint({ port: 0, token: "redis-token-for-tests" })
  const redis = await startFlakyProxy(endpoint.url)
  const recorder = await startRecordingUpstream(recordedAnswer)
  const settings: Readonly<Record<string, string | undefined>> = {
    OPENAI_API_KEY: providerKey,
    OPENAI_BASE_URL: `${providers.url}/openai/v1`,
    ANTHROPIC_API_KEY: providerKey,
    ANTHROPIC_BASE_URL: `${providers.url}/anthropic`,
    GOOGLE_API_KEY: providerKey,
    GOOGLE_BASE_URL: `${providers.url}/google`,
    VOLTGATE_COMPATIBLE: JSON.stringify([
      { name: "recorder", baseUrl: `${recorder.url}/v1`, apiKey: "recorder-key", models: ["recorded-model"] },
    ]),
    VOLTGATE_SIMULATED: "openai,anthropic,google",
    VOLTGATE_AUTO_MODELS: "openai/gpt-4o,anthropic/claude-sonnet-5,google/gemini-2.5-flash",
    VOLTGATE_OPEN: "loopback",
    VOLTGATE_TIMEOUT_FIRST_BYTE_MS: "1500",
    VOLTGATE_TIMEOUT_IDLE_MS: "1000",
    VOLTGATE_TIMEOUT_TOTAL_MS: "3000",
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: endpoint.token,
    ...environment,
  }
  const gateway = await start(
    Object.fromEntries(
      Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  )
  return {
    ...gateway,
    providers,
    redis,
    recorder,
    stop: async () => {
      await gateway.stop()
      await Promise.all([providers.close(), redis.close(), recorder.close()])
      await endpoint.close()
    },
  }
}
