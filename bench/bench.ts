import type { Report } from "./report.ts"

export interface BenchOptions {
  /** How long each line of the bench's table is measured. */
  readonly seconds: number
  /** A folder of labelled files, for the benches that read some. */
  readonly data?: string
  /** Gets a line for each step, for people. */
  readonly onProgress: (step: string) => void
}

export interface BenchResult {
  readonly report: Report
  /** The same for people, without the conditions. */
  readonly text: string
}

export interface Bench {
  readonly name: string
  /** One line. */
  readonly about: string
  readonly seconds: number
  readonly quickSeconds: number
  readonly run: (options: BenchOptions) => Promise<BenchResult>
}
