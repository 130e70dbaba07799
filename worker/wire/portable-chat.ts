import type { Detail } from "../../contract/analyze.ts"
import type { Conversation } from "../pipeline/stages.ts"

/** A chat request in terms that every provider understands. */
export interface PortableChat {
  /** The text of the last user message. */
  readonly query: string
  readonly conversation: Conversation
  /** Picture sources in order of appearance; parts name them by index. */
  readonly images: readonly string[]
  readonly detail: Detail
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly maxOutputTokens?: number
  readonly temperature?: number
}

/** Fields that only the one format can say, so the request stays with providers that speak it. */
export interface NotPortable {
  readonly notPortable: readonly string[]
}

/** What must hold of any chat request, in whichever format, whatever else it carries. */
export interface AnyChat {
  readonly model: string
  readonly messages: readonly unknown[]
}
