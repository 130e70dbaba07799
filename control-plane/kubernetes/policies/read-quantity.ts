const unitS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 }

export const durationPattern = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/
export const percentPattern = /^(\d{1,6}(?:\.\d{1,6})?)\s?%$/

/** `300s`, `5m`, `1h`, `1d`, `1500ms` in seconds; `undefined` for anything else. */
export const readDuration = (text: string): number | undefined => {
  const [, amount, unit] = durationPattern.exec(text) ?? []
  const factor = unit === undefined ? undefined : unitS[unit]
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor
}

/** `70%` or `70 %` as 70; `undefined` for anything else. */
export const readPercent = (text: string): number | undefined => {
  const [, amount] = percentPattern.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount)
}
