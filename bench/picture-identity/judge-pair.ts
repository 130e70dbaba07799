import type { Fingerprint } from "../../worker/images/identity/fingerprint.ts"
import type { Grey } from "../../worker/images/identity/grey.ts"
import { comparedAt, lookLimits, looksSame, mayLookSame, sameShape } from "../../worker/images/identity/look.ts"
import { hashDistance } from "../../worker/images/identity/pdq.ts"

/** A picture in the index: its grey picture as the store gives it back. */
export interface Kept {
  readonly fingerprint: Fingerprint
  readonly grey: Grey
}

/** What each condition says of a pair, so that the bench can leave one out. */
export interface Verdict {
  /** By the gateway's own rule. */
  readonly accepted: boolean
  readonly shape: boolean
  readonly hash: boolean
  readonly window: boolean
  readonly hashBits: number
  /** Of the worst window of 8 and of 4 px. */
  readonly levels: readonly [number, number]
}

export const judgePair = ({ fingerprint, grey }: Kept, asked: Fingerprint): Verdict => {
  const hashBits = hashDistance(fingerprint.hash, asked.hash)
  const residual = comparedAt(grey, asked.grey)
  return {
    accepted: mayLookSame(fingerprint, asked) && looksSame(grey, asked.grey),
    shape: sameShape(fingerprint.size, asked.size),
    hash: hashBits <= lookLimits.hashBits,
    window: looksSame(grey, asked.grey),
    hashBits,
    levels: [residual?.worstWindow(8) ?? 255, residual?.worstWindow(4) ?? 255],
  }
}
