import { longestDirectiveS } from "../../contract/directives.ts"
import { UsageError } from "../arguments/usage-error.ts"

const unitS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `90s`, `10m`, `2h`, `1d` in seconds. */
export const readDurationS = (option: string, text: string): number => {
  const [, amount, unit] = /^(\d{1,7})([smhd])$/.exec(text) ?? []
  const seconds = Number(amount) * (unitS[unit ?? ""] ?? Number.NaN)
  if (seconds >= 1 && seconds <= longestDirectiveS) return seconds
  throw new UsageError(`${option} takes a time such as 90s, 10m, 2h or 1d, at most ${longestDirectiveS / 86_400}d.`)
}
