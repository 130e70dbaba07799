import type { Mode } from "../../contract/mode.ts"
import type { Gateway } from "../gateway.ts"
import { consensus } from "./consensus.ts"
import { firstToAnswer } from "./first-to-answer.ts"
import { race } from "./race.ts"
import type { Chosen, Routed } from "./stages.ts"
import type { Ask } from "./try-candidates.ts"

/** How an answer is found, by mode; resolves when it begins. */
export const answerBy: Readonly<Record<Mode, (routed: Routed, ask: Ask, gateway: Gateway) => Promise<Chosen>>> = {
  single: firstToAnswer,
  race,
  consensus,
}
