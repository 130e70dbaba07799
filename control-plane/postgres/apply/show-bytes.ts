import { UsageError } from "../../arguments/usage-error.ts"

const units = ["B", "kB", "MB", "GB", "TB"] as const

/** `1536` → `1.5 kB`; steps of 1,024, as Postgres counts. */
export const showBytes = (bytes: number): string => {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
  const amount = bytes / 1_024 ** step
  return `${step === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[step]}`
}

/** Reads `200GB`, `1.5 TB`, `800MB`. */
export const readBytes = (option: string, text: string): number => {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d+)?)\s?(B|kB|MB|GB|TB)$/i.exec(text) ?? []
  const step = units.findIndex((each) => each.toLowerCase() === unit?.toLowerCase())
  if (amount === undefined || step < 0) throw new UsageError(`${option} takes a size such as 800MB, 200GB or 1.5TB.`)
  return Number(amount) * 1_024 ** step
}
