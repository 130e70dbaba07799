import { request as requestHttp } from "node:http"
import type { IncomingMessage } from "node:http"
import { request as requestHttps } from "node:https"
import type { RequestOptions } from "node:https"
import { whyUnreachable } from "../../doctor/why-unreachable.ts"
import { KubeError } from "./kube-error.ts"
import type { KubeRequest, KubeResponse, Transport } from "./transport.ts"

export interface ClusterSettings {
  /** A kubeconfig file; else `KUBECONFIG`, `~/.kube/config`, or the cluster that this runs in. */
  readonly kubeconfig?: string
  readonly context?: string
}

const mostBytes = 32 * 1_048_576

/**
 * Reaches the cluster that a kubeconfig names, with whatever it uses to prove who we are: tokens, client certificates,
 * exec plugins, service accounts; each request asks it anew, so that a token that ran out is replaced.
 */
export const connectCluster = async ({ kubeconfig, context }: ClusterSettings): Promise<Transport> => {
  // It brings a great deal along, and only these commands need it.
  const { KubeConfig } = await import("@kubernetes/client-node")
  const config = new KubeConfig()
  try {
    if (kubeconfig === undefined) config.loadFromDefault()
    else config.loadFromFile(kubeconfig)
  } catch (cause) {
    const where = kubeconfig === undefined ? "The default kubeconfig" : kubeconfig
    throw new KubeError(
      "no-config",
      `${where} cannot be read as a kubeconfig. Check the file, or name another by --kubeconfig.`,
      { cause },
    )
  }
  if (context !== undefined) config.setCurrentContext(context)
  const cluster = config.getCurrentCluster()
  if (cluster === null) {
    const known = config.getContexts().map(({ name }) => name)
    throw new KubeError(
      "no-config",
      context === undefined
        ? "There is no cluster to talk to: name a kubeconfig by --kubeconfig or KUBECONFIG, or run inside a cluster."
        : `The kubeconfig has no context of that name; it has ${known.join(", ") || "none"}.`,
    )
  }
  const base = new URL(cluster.server)
  return async (request, deadlineMs) => {
    const signal = AbortSignal.timeout(deadlineMs)
    const options: RequestOptions = {
      method: request.method,
      headers: {
        accept: "application/json",
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      },
      signal,
    }
    try {
      // An exec plugin may hang, and hears of no deadline.
      await Promise.race([config.applyToHTTPSOptions(options), whenAborted(signal)])
      return await exchange(new URL(`${base.pathname.replace(/\/$/, "")}${request.path}`, base), request, options)
    } catch (cause) {
      throw describe(cause, signal, cluster.server, deadlineMs)
    }
  }
}

const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))

const exchange = (url: URL, { body }: KubeRequest, options: RequestOptions): Promise<KubeResponse> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === "http:" ? requestHttp : requestHttps
    const request = send(url, options, (response) => {
      readText(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, text, ...retryAfterOf(response) }),
        reject,
      )
    })
    request.once("error", reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })

const readText = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    sizeBytes += bytes.length
    if (sizeBytes > mostBytes) throw new Error("The answer is too large.")
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const retryAfterOf = ({ headers }: IncomingMessage): { readonly retryAfterMs?: number } => {
  const seconds = Number(headers["retry-after"])
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1_000 } : {}
}

const describe = (cause: unknown, signal: AbortSignal, server: string, deadlineMs: number): KubeError => {
  if (cause instanceof KubeError) return cause
  if (signal.aborted) {
    return new KubeError("timeout", `The API server at ${server} did not answer within ${deadlineMs / 1_000} s.`, {
      cause,
    })
  }
  const why = whyUnreachable(cause, deadlineMs) ?? "the credentials of the kubeconfig could not be had"
  return new KubeError("unreachable", `The API server at ${server} is out of reach: ${why}.`, { cause })
}
