import type { Caller } from "./pipeline/stages.ts"
import type { Stopwatch } from "./pipeline/stopwatch.ts"

/** One request on its way in: who sent it, and under which id it is found in the log. */
export interface RequestContext {
  readonly id: string
  readonly endpoint: string
  readonly caller: Caller
  readonly request: Request
  readonly watch: Stopwatch
}
