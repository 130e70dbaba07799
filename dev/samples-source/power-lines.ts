/** The five lines that run across the top of the wiring diagram. */
export const lines = ["L1", "L2", "L3", "N", "PE"] as const
export type LineName = (typeof lines)[number]

export const lineY: Readonly<Record<LineName, number>> = { L1: 150, L2: 186, L3: 222, N: 258, PE: 294 }

export const wireColors: Readonly<Record<LineName, string>> = {
  L1: "#101418",
  L2: "#101418",
  L3: "#101418",
  N: "#1c56b0",
  PE: "#15803d",
}

export const rightEndPx = 2300
