import { showForeign } from "../../doctor/foreign-text.ts"
import { KubeError } from "./kube-error.ts"
import type { KubeErrorCode } from "./kube-error.ts"
import type { KubeRequest, KubeResponse, Transport } from "./transport.ts"

/** Asks the API server; gives the answer's JSON, or throws a KubeError. */
export type Send = (request: KubeRequest) => Promise<unknown>

export interface SendOptions {
  readonly transport: Transport
  /** For the call with all its retries. */
  readonly deadlineMs: number
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

const mostTries = 3
const firstPauseMs = 200
const retried: ReadonlySet<KubeErrorCode> = new Set(["too-many-requests", "server-error", "unreachable"])

/**
 * Reads are tried again where that may help and the deadline allows; writes never, because one that got no answer may have
 * been carried out.
 */
export const createSend = ({ transport, deadlineMs, now, sleep }: SendOptions): Send => {
  const once = async (request: KubeRequest, untilMs: number): Promise<unknown> => {
    const response = await transport(request, Math.max(1, untilMs - now()))
    if (response.status >= 200 && response.status < 300) return parse(response.text, request)
    throw errorOf(response, request)
  }
  return async (request) => {
    const untilMs = now() + deadlineMs
    for (let tries = 1; ; tries++) {
      try {
        return await once(request, untilMs)
      } catch (error) {
        if (!(error instanceof KubeError) || request.method !== "GET" || !retried.has(error.code) || tries >= mostTries)
          throw error
        const pauseMs = error.retryAfterMs ?? firstPauseMs * 2 ** (tries - 1)
        if (now() + pauseMs >= untilMs) throw error
        await sleep(pauseMs)
      }
    }
  }
}

const parse = (text: string, { path }: KubeRequest): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new KubeError("unreadable", `The API server's answer to ${path} is no JSON.`, { cause })
  }
}

const codes: Readonly<Record<number, KubeErrorCode>> = {
  400: "invalid",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  415: "invalid",
  422: "invalid",
  429: "too-many-requests",
}

const cures: Readonly<Partial<Record<KubeErrorCode, string>>> = {
  unauthorized: "Check the user's token or certificate in the kubeconfig.",
  forbidden: "Grant it: deploy/kubernetes/rbac.yaml lists all that is needed.",
}

const errorOf = ({ status, text, retryAfterMs }: KubeResponse, { method, path }: KubeRequest): KubeError => {
  const said = readStatus(text)
  const code = said.reason === "AlreadyExists" ? "exists" : (codes[status] ?? "server-error")
  const told = said.message === undefined ? `status ${status}` : showForeign(said.message, [])
  const cure = cures[code]
  return new KubeError(code, `${method} ${path.split("?")[0]}: ${told}.${cure === undefined ? "" : ` ${cure}`}`, {
    retryAfterMs,
  })
}

const readStatus = (text: string): { readonly message?: string; readonly reason?: string } => {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== "object" || body === null) return {}
    return {
      ...("message" in body && typeof body.message === "string" ? { message: body.message.replace(/\.$/, "") } : {}),
      ...("reason" in body && typeof body.reason === "string" ? { reason: body.reason } : {}),
    }
  } catch {
    return {}
  }
}
