import type { Notice } from "./notice.ts"

/** A way to people. `send` rejects when the receiver did not take the notice; it always ends. */
export interface Channel {
  readonly name: string
  readonly send: (notice: Notice) => Promise<void>
}

export interface ChannelPorts {
  readonly fetch: typeof fetch
  readonly deadlineMs: number
}

/** Posts JSON. Rejects unless the receiver says 2xx in time; redirects are not followed, since they would take secrets along. */
export const post = async (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { fetch, deadlineMs }: ChannelPorts,
): Promise<void> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(deadlineMs),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`The receiver answered ${response.status}.`)
}
