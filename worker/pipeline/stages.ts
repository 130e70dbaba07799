import type { AnalyzeResponse, Detail } from "../../contract/analyze.ts"
import type {
  AttemptRecord,
  CacheRecord,
  CandidateRecord,
  ConsensusRecord,
  ImageRecord,
  RoutingRecord,
} from "../../contract/record.ts"
import type { Mode } from "../../contract/mode.ts"
import type { ReceivedImage, SentImage } from "../images/image.ts"
import type { CacheAddress, CacheEntry } from "../ports/answer-cache.ts"
import type { QueryType } from "../prompts/query-type.ts"
import type { AnswerEvent, JsonSchema, Prompt, Provider, Turn } from "../providers/provider.ts"
import type { Estimate } from "../routing/estimate-response-time.ts"
import type { ModelRef } from "../routing/model-ref.ts"
import type { CacheWishes } from "./read-cache-headers.ts"
import type { Stopwatch } from "./stopwatch.ts"

/**
 * What each step of the pipeline takes and gives. A step takes what the one before returns, so a step in the wrong
 * place does not compile.
 */

/** Whose request it is, and what they may use. */
export interface Caller {
  readonly tenant: string
  readonly providers?: readonly string[]
  readonly queryTypes?: readonly string[]
  /** Who may tell the gateway what to do, by the name under which that is noted. */
  readonly admin?: string
}

/** The client's own messages, sent as they are (chat), in place of a prompt made for the query type. */
export interface Conversation {
  readonly system: string
  /** All turns, the question's last. */
  readonly turns: readonly Turn[]
  readonly topP?: number
  readonly stop?: readonly string[]
  readonly schema?: { readonly name: string; readonly schema: JsonSchema }
}

/** An admitted request: its caller may ask it, its pictures are readable and within the limits. */
export interface Question {
  readonly id: string
  readonly endpoint: string
  readonly caller: Caller
  readonly query: string
  readonly queryType: QueryType
  readonly conversation?: Conversation
  readonly images: readonly ReceivedImage[]
  readonly detail: Detail
  readonly maxOutputTokens?: number
  readonly temperature?: number
  readonly language?: string
  /** `auto`, or the pinned candidate's id, with the allowed providers where they are restricted. */
  readonly modelPolicy: string
  /** All that may answer. */
  readonly allowed: readonly ModelRef[]
  readonly mode: Mode
  /** How many candidates a consensus asks; 1 in the other modes. */
  readonly votes: number
  readonly maxWaitMs: number
  readonly cacheWishes: CacheWishes
  readonly stream: boolean
  readonly notices: readonly string[]
  readonly signal: AbortSignal
  readonly watch: Stopwatch
}

/** A question close to this one, of which an answer of this one's own tells whether it could have answered. */
export interface Neighbor {
  readonly address: CacheAddress
  /** Where the asked question's own answer would lie. */
  readonly askedAt: CacheAddress
  readonly question: string
  /** Where its score fell; what is learned is counted there. */
  readonly bin: number
  /** It was served, or would have been had the lane been open. */
  readonly wouldServe: boolean
}

export interface CacheHit {
  readonly found: true
  /** Whose answer this is, where the near lane found it. */
  readonly neighbor?: Neighbor
  readonly question: Question
  readonly address: CacheAddress
  readonly entry: CacheEntry
  readonly cache: CacheRecord
}

/** Where an answer will be kept, and what the store has to know for it. */
export interface CachePlace {
  readonly address: CacheAddress
  /** As the lookup told it. */
  readonly epoch: string
  /** SHA-256 of the pictures' bytes, in order; and of those that they were found to be, where these are others. */
  readonly byteHashes: readonly string[]
  readonly sameAs?: readonly string[]
  /** The question's vector, where the near lane asked for it already. */
  readonly vector?: Int8Array
}

export interface Miss {
  readonly found: false
  readonly question: Question
  /** Where the answer goes afterwards; absent where it must not be kept. */
  readonly place?: CachePlace
  /** Close, and yet refused. */
  readonly neighbor?: Neighbor
  /** The same for all requests that may share one answer; absent where no answer may be kept at all. */
  readonly flightKey?: string
  readonly cache: CacheRecord
}

export interface Routed extends Miss {
  /** Best first; never empty. */
  readonly ranked: readonly CandidateRecord[]
  readonly reason: string
  readonly estimate: Estimate
}

export interface Pictured extends Routed {
  readonly candidate: CandidateRecord
  readonly provider: Provider
  readonly sentImages: readonly SentImage[]
  readonly imageRecords: readonly ImageRecord[]
}

export interface Prepared extends Pictured {
  readonly prompt: Prompt
}

/** A candidate that has begun to answer: the first event is there, the rest follows. */
export interface Answering extends Prepared {
  readonly attempt: AttemptRecord
  readonly firstTokenMs: number
  readonly events: AsyncIterable<AnswerEvent>
}

/** The answer that was taken, and all that was tried for it. */
export interface Chosen extends Answering {
  /** In the order in which they ended; the answer's own comes last. */
  readonly attempts: readonly AttemptRecord[]
  readonly hedged: boolean
  readonly consensus?: ConsensusRecord
}

/** What is known when the answer begins; enough for the response headers. */
export interface AnswerHead {
  readonly id: string
  readonly provider: string
  readonly model: string
  readonly prompt: string
  readonly notices: readonly string[]
  readonly cache: CacheRecord
  readonly routing: RoutingRecord
  readonly images: readonly ImageRecord[]
  readonly estimatedMs: number
  /** Nine in ten come within it; absent where no provider is waited for. */
  readonly estimatedP90Ms?: number
}

export type AnalysisEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "done"; readonly response: AnalyzeResponse }

/** An answer on its way: text as it comes, then the whole response with its record. */
export interface Analysis {
  readonly head: AnswerHead
  readonly events: AsyncIterable<AnalysisEvent>
}
