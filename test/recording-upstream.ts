import type { LoopbackServer } from "./loopback-server.ts"
import { readAll, startLoopbackServer } from "./loopback-server.ts"

export interface Recorded {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface RecordingUpstream extends LoopbackServer {
  readonly received: readonly Recorded[]
}

/** An OpenAI-compatible server that keeps every request as it came and gives each the same bytes for an answer. */
export const startRecordingUpstream = async (answer: string): Promise<RecordingUpstream> => {
  const received: Recorded[] = []
  const server = await startLoopbackServer(async (request, response) => {
    received.push({ path: request.url ?? "", headers: request.headers, body: await readAll(request) })
    response.writeHead(200, { "content-type": "application/json", "x-upstream": "recorded", "set-cookie": "a=b" })
    response.end(answer)
  })
  return { ...server, received }
}
