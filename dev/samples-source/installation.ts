import type { BreakerFact } from "./sample-facts.ts"

/** The distribution board that all samples show, each in its own way: what one picture says, no other contradicts. */

export interface Circuit {
  /** The breaker's name. */
  readonly name: string
  readonly rating: string
  readonly poles: 1 | 3
  /** One phase, or all three. */
  readonly phases: "L1" | "L2" | "L3" | "L1 L2 L3"
  readonly feeds: string
  readonly loadW: number
  readonly cable: string
}

export const board = {
  name: "DB-2",
  site: "Workshop hall 2",
  voltage: "400/230 V",
  frequency: "50 Hz",
  system: "TN-S",
  mainSwitch: "63 A",
  fedFrom: "DB-1",
  feeder: "W0 5G16",
  drawing: "VG-1042-02",
  serial: "2026-04417",
} as const

const threePhase = { poles: 3, phases: "L1 L2 L3" } as const

export const circuits: readonly Circuit[] = [
  { name: "Q1", rating: "D20", ...threePhase, feeds: "Coolant pump", loadW: 3000, cable: "4G2.5" },
  { name: "Q2", rating: "D16", ...threePhase, feeds: "Exhaust fan", loadW: 1500, cable: "4G1.5" },
  { name: "Q3", rating: "C20", ...threePhase, feeds: "Air heater", loadW: 9000, cable: "4G4" },
  { name: "Q4", rating: "B10", poles: 1, phases: "L1", feeds: "Lights workshop", loadW: 860, cable: "3G1.5" },
  { name: "Q5", rating: "B10", poles: 1, phases: "L2", feeds: "Lights office", loadW: 540, cable: "3G1.5" },
  { name: "Q6", rating: "C16", poles: 1, phases: "L3", feeds: "Sockets workshop", loadW: 2000, cable: "3G2.5" },
  { name: "Q7", rating: "C16", poles: 1, phases: "L1", feeds: "Sockets office", loadW: 1500, cable: "3G2.5" },
  { name: "Q8", rating: "B6", poles: 1, phases: "L2", feeds: "Control circuit", loadW: 150, cable: "1.5" },
  { name: "Q9", rating: "C32", ...threePhase, feeds: "Welding outlet", loadW: 10_500, cable: "5G6" },
  { name: "Q10", rating: "C16", ...threePhase, feeds: "CEE outlet 16 A", loadW: 5400, cable: "5G2.5" },
  { name: "Q11", rating: "C13", poles: 1, phases: "L3", feeds: "Air dryer", loadW: 1100, cable: "3G2.5" },
  { name: "Q12", rating: "B16", poles: 1, phases: "L2", feeds: "Water heater", loadW: 2000, cable: "3G2.5" },
  { name: "Q13", rating: "B10", poles: 1, phases: "L3", feeds: "Emergency lights", loadW: 240, cable: "3G1.5" },
  { name: "Q14", rating: "C10", poles: 1, phases: "L1", feeds: "Gate drive", loadW: 750, cable: "3G1.5" },
]

/** The breakers of the first drawing sheet, Q1 to Q8, which are also those in the open cabinet. */
export const firstSheet: readonly Circuit[] = circuits.slice(0, 8)

/** Connected load of one phase in watts; a three-phase load counts a third on each. */
export const phaseLoadW = (phase: "L1" | "L2" | "L3"): number =>
  circuits.filter(({ phases }) => phases.includes(phase)).reduce((sum, { loadW, poles }) => sum + loadW / poles, 0)

export const totalLoadW = (): number => circuits.reduce((sum, { loadW }) => sum + loadW, 0)

export const asBreakerFact = ({ name, rating, poles, feeds, loadW, phases }: Circuit): BreakerFact => ({
  name,
  rating,
  poles,
  circuit: feeds,
  loadW,
  phases,
})
