/** What a command may use of the machine that it runs on. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Whether the output may hold terminal colors. */
  readonly colors: boolean
  /** Width of the terminal; absent where the output goes elsewhere, and lines stay whole. */
  readonly widthColumns?: number
  /** e.g. `24.11.0` */
  readonly nodeVersion: string
  readonly fetch: typeof fetch
  readonly randomBytes: (count: number) => Uint8Array
}

export interface CommandResult {
  readonly text: string
  /** 0 for no failure, 1 for a failure. */
  readonly exitCode: 0 | 1
}

/** One command of `voltgate`. Throws a UsageError when it is called wrongly. */
export type Command = (args: readonly string[], host: Host) => Promise<CommandResult>
