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
  /** Says how far long work is; goes to standard error, so that `--json` stays pure. */
  readonly progress: (line: string) => void
  /** Prints at once, for commands that run until they are stopped. */
  readonly print: (line: string) => void
  /** Aborts when a person or a supervisor ends the process: finish the step at hand, or undo it, and return. */
  readonly stop: AbortSignal
}

export interface CommandResult {
  readonly text: string
  /** 0 for no failure, 1 for a failure, 3 where something forbids the work for now, such as another run at work. */
  readonly exitCode: 0 | 1 | 3
}

/** One command of `voltgate`. Throws a UsageError when it is called wrongly. */
export type Command = (args: readonly string[], host: Host) => Promise<CommandResult>
