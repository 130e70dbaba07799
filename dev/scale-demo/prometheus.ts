import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

export interface PrometheusStub extends AsyncDisposable {
  readonly url: string
}

/** Answers instant queries in Prometheus' format: each name with its number, measured at that moment of the demo's clock. */
export const startPrometheus = async (
  read: (name: string) => { readonly value: number; readonly atMs: number } | undefined,
): Promise<PrometheusStub> => {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? "/", "http://prometheus").searchParams.get("query") ?? ""
    const [, timed] = /^timestamp\((.*)\)$/.exec(query) ?? []
    const found = read(timed ?? query)
    const value = found === undefined ? undefined : timed === undefined ? found.value : found.atMs / 1_000
    const result = found === undefined ? [] : [{ metric: {}, value: [found.atMs / 1_000, String(value)] }]
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }))
  })
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A TCP server's address is one of these.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
