import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { createApiCore } from "./api-core.ts"
import type { ApiCore, ApiRequest, Permission } from "./api-core.ts"
import { withFaults } from "./faults.ts"
import type { ApiFault } from "./faults.ts"

export interface ApiServer extends AsyncDisposable {
  readonly url: string
  readonly core: ApiCore
  /** A kubeconfig for this server, in YAML, with this token. */
  readonly kubeconfig: (token?: string) => string
  /** What goes wrong from now on; `undefined` for nothing. */
  readonly setFault: (next: ((request: ApiRequest) => ApiFault | undefined) | undefined) => void
  readonly close: () => Promise<void>
}

export interface ApiServerOptions {
  readonly port?: number
  readonly now?: () => number
  /** Tokens that are let in, and what each may do. Absent: whoever comes may do all. */
  readonly tokens?: Readonly<Record<string, readonly Permission[]>>
  readonly slowMs?: number
}

const mostBytes = 3_145_728

/** A Kubernetes API server for this machine: enough of a real one to scale deployments against, over HTTP on loopback. */
export const startApiServer = async ({
  port = 0,
  now = Date.now,
  tokens,
  slowMs = 2_000,
}: ApiServerOptions = {}): Promise<ApiServer> => {
  const core = createApiCore({ now, ...(tokens === undefined ? {} : { permissions: (user) => tokens[user] ?? [] }) })
  let fault: ((request: ApiRequest) => ApiFault | undefined) | undefined
  const handle = withFaults(core, (request) => fault?.(request), slowMs)
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1]
    if (tokens !== undefined && (token === undefined || tokens[token] === undefined)) {
      return send(
        response,
        401,
        JSON.stringify({
          kind: "Status",
          status: "Failure",
          message: "Unauthorized",
          reason: "Unauthorized",
          code: 401,
        }),
      )
    }
    const body = await readBody(request)
    const made = handle({
      method: request.method ?? "GET",
      path: request.url ?? "/",
      contentType: request.headers["content-type"] ?? "",
      body,
      ...(token === undefined ? {} : { user: token }),
    })
    if (made === "cut") return void request.socket.destroy()
    if ("afterMs" in made) {
      await new Promise((resolve) => setTimeout(resolve, made.afterMs))
      return send(response, made.response.status, made.response.body, made.response.headers)
    }
    return send(response, made.status, made.body, made.headers)
  }
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A TCP server's address is one of these.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url,
    core,
    kubeconfig: (token = "anybody") => kubeconfigFor(url, token),
    setFault: (next) => (fault = next),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const send = (
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body)
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  let text = ""
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > mostBytes) throw new Error("The body is too large.")
  }
  return text
}

const kubeconfigFor = (server: string, token: string): string => `apiVersion: v1
kind: Config
clusters: [{ name: here, cluster: { server: "${server}", insecure-skip-tls-verify: true } }]
users: [{ name: me, user: { token: "${token}" } }]
contexts: [{ name: here, context: { cluster: here, user: me } }]
current-context: here
`
