import { against, textsOf } from "./veto.ts"
import type { Veto } from "./veto.ts"

/**
 * Numbers, units with them, and identifiers must be the same on both sides, letter by letter: "WT-44219" and "WT-44291"
 * are one typing error and two turbines apart.
 */
export const numbers: Veto = ({ onlyAsked, onlyStored }) => {
  const [asked, stored] = [onlyAsked.filter(({ exact }) => exact), onlyStored.filter(({ exact }) => exact)]
  return asked.length + stored.length === 0 ? undefined : against(textsOf(asked), textsOf(stored))
}
