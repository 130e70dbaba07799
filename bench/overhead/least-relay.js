// The floor for a relay that has the gateway's duties and nothing else: it reads the body, sends it on under its own key
// with a timeout and the client's signal, filters headers, and logs a line. No router, settings, keys or selection.
const forwarded = ["content-type", "accept", "openai-beta", "idempotency-key", "traceparent"]
const dropped = ["connection", "keep-alive", "transfer-encoding", "content-encoding", "set-cookie", "alt-svc", "server"]

const relay = async (request, upstream) => {
  const body = await request.bytes()
  const headers = { authorization: `Bearer ${request.headers.get("authorization")}` }
  for (const name of forwarded) {
    const value = request.headers.get(name)
    if (value !== null) headers[name] = value
  }
  const patience = new AbortController()
  request.signal.addEventListener("abort", () => patience.abort())
  const timer = setTimeout(() => patience.abort(), 30_000)
  const answer = await fetch(upstream, { method: "POST", headers, body, signal: patience.signal, redirect: "manual" })
  clearTimeout(timer)
  const response = new Response(answer.body, answer)
  for (const name of dropped) response.headers.delete(name)
  const id = crypto.randomUUID()
  response.headers.set("x-voltgate-request-id", id)
  response.headers.set("x-voltgate-cache", "bypass")
  response.headers.set("x-voltgate-cache-reason", "forwarded")
  response.headers.set("x-voltgate-provider", "local")
  response.headers.set("x-voltgate-model", "bench")
  response.headers.set("x-voltgate-attempts", "1")
  console.log(JSON.stringify({ message: "forwarded", requestId: id, status: answer.status, attempts: 1 }))
  return response
}

// oxlint-disable-next-line import/no-default-export -- workerd demands it
export default {
  fetch: (request, env, context) => {
    const relaying = relay(request, env.UPSTREAM)
    context.waitUntil(
      relaying.then(
        () => undefined,
        () => undefined,
      ),
    )
    return relaying
  },
}
