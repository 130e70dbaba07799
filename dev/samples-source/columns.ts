import { coilX } from "./control-circuit.ts"
import { firstSheet, type Circuit } from "./installation.ts"
import type { LineName } from "./power-lines.ts"

/** Where one circuit of the wiring diagram stands: x of its wires and of the labels to their left. */
export interface Column {
  readonly circuit: Circuit
  /** 0 for Q1. */
  readonly index: number
  /** The phases that it takes, and their wires in the same order. */
  readonly phases: readonly LineName[]
  readonly xs: readonly number[]
  /** Neutral, where the circuit has one. */
  readonly neutralX?: number
  readonly earthX: number
  /** Right end of the labels. */
  readonly labelX: number
}

const pitchPx = { 1: 40, 3: 46 } as const
const firstWireX = [470, 720, 970, 1220, 1400, 1580, 1760, coilX(0)]
/** Edges of the boxes with the function texts, one more than there are columns. */
export const columnEdges: readonly number[] = [365, 615, 865, 1115, 1299, 1479, 1659, 1855, 2310]

const columnOf = (circuit: Circuit, index: number): Column => {
  const x = firstWireX[index]
  if (x === undefined)
    throw new Error(`The wiring diagram has no column for ${circuit.name}; give it one in columns.ts.`)
  const pitch = pitchPx[circuit.poles]
  const labelX = x - 34
  return circuit.phases === "L1 L2 L3"
    ? { circuit, index, phases: ["L1", "L2", "L3"], xs: [x, x + pitch, x + 2 * pitch], earthX: x + 3 * pitch, labelX }
    : { circuit, index, phases: [circuit.phases], xs: [x], neutralX: x + pitch, earthX: x + 2 * pitch, labelX }
}

export const columns: readonly Column[] = firstSheet.map(columnOf)
