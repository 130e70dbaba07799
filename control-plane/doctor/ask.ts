import { whyUnreachable } from "./why-unreachable.ts"

export interface Asking {
  readonly fetch: typeof fetch
  /** For connection, headers and body together. */
  readonly deadlineMs: number
}

export interface Question {
  readonly method?: "GET" | "POST" | "DELETE"
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export type Reply =
  | { readonly kind: "answered"; readonly status: number; readonly body: unknown; readonly location?: string }
  /** `reason` ends a sentence. */
  | { readonly kind: "silent"; readonly reason: string }

export type Answered = Extract<Reply, { kind: "answered" }>

/** More than any answer that the doctor reads; a server that sends without end must not fill the memory. */
const mostBytes = 1024 * 1024

/** One request, with its body read as JSON (`undefined` where it is none). Never throws; redirects are not followed. */
export const ask = async (url: string, question: Question, { fetch, deadlineMs }: Asking): Promise<Reply> => {
  try {
    // A redirect would take the key to wherever it points.
    const response = await fetch(url, { ...question, redirect: "manual", signal: AbortSignal.timeout(deadlineMs) })
    const location = response.headers.get("location")
    return {
      kind: "answered",
      status: response.status,
      body: parse(await readText(response)),
      ...(location === null ? {} : { location }),
    }
  } catch (error) {
    return { kind: "silent", reason: whyUnreachable(error, deadlineMs) ?? "the request could not be sent" }
  }
}

const readText = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ""
  let sizeBytes = 0
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > mostBytes) return ""
    text += decoder.decode(chunk, { stream: true })
  }
  return text
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
