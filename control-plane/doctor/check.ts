/** `skipped`: could not be looked at, or there was nothing to look at; neither good nor bad. */
export type CheckState = "ok" | "warning" | "failed" | "skipped"

/** One thing that was looked at. */
export interface Check {
  readonly name: string
  readonly state: CheckState
  /** One sentence. */
  readonly message: string
  /** What to do about it. */
  readonly cure?: string
}

export const ok = (name: string, message: string): Check => ({ name, state: "ok", message })
export const warning = (name: string, message: string, cure: string): Check => ({
  name,
  state: "warning",
  message,
  cure,
})
export const failed = (name: string, message: string, cure: string): Check => ({ name, state: "failed", message, cure })
export const skipped = (name: string, message: string, cure?: string): Check => ({
  name,
  state: "skipped",
  message,
  ...(cure === undefined ? {} : { cure }),
})
