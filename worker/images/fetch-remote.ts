import { GatewayError } from "../errors.ts"
import { imageLimits, imagePath } from "./limits.ts"
import { refusalOf, refusalOfIp } from "./remote-address.ts"

const maxRedirects = 3
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308]

export interface FetchRemote {
  readonly fetch: typeof fetch
  /** The caller's own signal: a client that leaves ends the download. */
  readonly signal?: AbortSignal
  /** For the whole of it, redirects and body included. */
  readonly timeoutMs?: number
  /**
   * Resolves a name to IP addresses. Give it where the host can reach a private network (Node, Deno), so that a public
   * name with a private address is refused too; Cloudflare's fetch cannot reach one.
   */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>
  /** What may still be downloaded for this request, over all its pictures: sixteen of 20 MB would not fit into an isolate. */
  readonly budget?: DownloadBudget
}

/** Bytes that are left, counted down as they come. */
export interface DownloadBudget {
  readonly limitBytes: number
  leftBytes: number
}

/**
 * The bytes behind an https address. Every hop is checked before it is asked. Throws `image_fetch_refused` with the
 * reason, `image_fetch_failed` with the status, `image_too_large` as soon as the limit is passed, or the caller's own
 * abort reason.
 */
export const fetchRemote = async (
  index: number,
  address: string,
  options: FetchRemote,
): Promise<Uint8Array<ArrayBuffer>> => {
  const { timeoutMs = 10_000, signal: callerSignal } = options
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = callerSignal === undefined ? timeout : AbortSignal.any([timeout, callerSignal])
  try {
    return await readBody(index, await followRedirects(index, address, options, signal), options.budget)
  } catch (error) {
    callerSignal?.throwIfAborted()
    if (error instanceof GatewayError) throw error
    if (timeout.aborted) throw failed(index, `did not arrive within ${timeoutMs / 1_000} s`, error)
    throw failed(index, "could not be fetched: its server did not answer properly", error)
  }
}

const followRedirects = async (
  index: number,
  address: string,
  options: FetchRemote,
  signal: AbortSignal,
): Promise<Response> => {
  let url = await checkAddress(index, address, undefined, options)
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await options.fetch(url.href, { redirect: "manual", signal, headers: { accept: "image/*" } })
    if (response.ok) return response
    await response.body?.cancel()
    if (!redirectStatuses.includes(response.status))
      throw failed(index, `could not be fetched: ${url.host} answered ${response.status}`)
    const location = response.headers.get("location")
    if (location === null) throw failed(index, `could not be fetched: ${url.host} redirects without saying where to`)
    url = await checkAddress(index, location, url, options)
  }
  throw failed(index, `could not be fetched: it was redirected more than ${maxRedirects} times`)
}

const checkAddress = async (
  index: number,
  written: string,
  base: URL | undefined,
  { resolve }: Pick<FetchRemote, "resolve">,
): Promise<URL> => {
  const where = base === undefined ? "" : " after a redirect"
  const url = URL.parse(written, base)
  if (url === null) throw refused(index, `${where}: it is not a URL`)
  const isSameHost = base?.hostname === url.hostname
  const reason = refusalOf(url, isSameHost ? url.href : written)
  if (reason !== undefined) throw refused(index, `${where}: ${reason}`)
  if (resolve !== undefined && /[a-z]/i.test(url.hostname) && !url.hostname.startsWith("[")) {
    const addresses = await resolve(url.hostname)
    // Fetch may know names that no name server does, of this machine's own table: those are nobody's public server.
    if (addresses.length === 0) throw refused(index, `${where}: no name server knows ${url.hostname}`)
    for (const address of addresses) {
      const why = refusalOfIp(address)
      if (why !== undefined) throw refused(index, `${where}: ${url.hostname} is ${why}`)
    }
  }
  return url
}

/** Counts as it reads: a stated length may be missing or untrue. */
const readBody = async (
  index: number,
  response: Response,
  budget: DownloadBudget | undefined,
): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  const reader = (response.body ?? new ReadableStream<Uint8Array>({ start: (body) => body.close() })).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    sizeBytes += value.length
    if (budget !== undefined && (budget.leftBytes -= value.length) < 0) {
      await reader.cancel()
      throw new GatewayError(
        "image_too_large",
        `The pictures of this request have more than ${Math.floor(budget.limitBytes / 1_000_000)} MB together at their addresses. Send fewer, or smaller ones.`,
      )
    }
    if (sizeBytes > imageLimits.sizeBytes) {
      await reader.cancel()
      throw new GatewayError(
        "image_too_large",
        `${imagePath(index)} has more than ${imageLimits.sizeBytes / 1_000_000} MB at its address. Send it smaller or compressed.`,
      )
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(sizeBytes)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

// The address itself stays out of messages and logs: such addresses often carry a signature or a key.
const refused = (index: number, why: string): GatewayError =>
  new GatewayError(
    "image_fetch_refused",
    `${imagePath(index)} is not fetched${why}. Send a public https URL, or the picture itself as base64.`,
  )

const failed = (index: number, what: string, cause?: unknown): GatewayError =>
  new GatewayError(
    "image_fetch_failed",
    `${imagePath(index)} ${what}. Check the address, or send the picture itself as base64.`,
    cause === undefined ? {} : { cause },
  )
