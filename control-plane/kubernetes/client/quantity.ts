const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** A Kubernetes quantity as a number: `250m` is 0.25, `128Mi` 134217728, `1e3` 1000. `undefined` for anything else. */
export const readQuantity = (text: string): number | undefined => {
  const [, amount, exponent, suffix] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text) ?? []
  const factor = factors[suffix ?? ""]
  if (amount === undefined || factor === undefined) return undefined
  const value = Number(`${amount}${exponent ?? ""}`) * factor
  return Number.isFinite(value) ? value : undefined
}
