/** What tells requests apart whose answers take different times. */
export interface RequestTraits {
  readonly queryType: string
  /** Of all pictures together. */
  readonly pixels: number
  /** Absent where the answer has no bound. */
  readonly mostOutputTokens: number | undefined
}

/** The kind of a request, e.g. `count/medium/short`: its query type, how much there is to see, how long the answer may be. */
export const requestKind = ({ queryType, pixels, mostOutputTokens }: RequestTraits): string =>
  `${queryType}/${sizeOf(pixels)}/${lengthOf(mostOutputTokens)}`

/** The query type that a kind begins with. */
export const queryTypeOf = (kind: string): string => kind.slice(0, Math.max(0, kind.indexOf("/")))

const sizeOf = (pixels: number): string => (pixels <= 1_000_000 ? "small" : pixels <= 4_000_000 ? "medium" : "large")

const lengthOf = (tokens: number | undefined): string =>
  tokens === undefined ? "unbounded" : tokens <= 300 ? "short" : tokens <= 1_500 ? "long" : "longest"
