import type { TokenCheck } from "../../contract/record.ts"
import type { ImageTokenStatus } from "../../contract/status.ts"
import type { ModelRef } from "../routing/model-ref.ts"
import { modelId } from "../routing/model-ref.ts"

/** The estimate of text may be off by this share of itself; what it can explain is not laid to the pictures. */
const textSlack = 0.5
/** Roles, separators and the like, which every provider adds in its own way. */
const frameTokens = 40
/** Off by more than this, a formula needs a look. */
const tolerated = 0.05

/** Compares what a provider counted with what the published formula says of the pictures. */
export const checkTokens = (
  { textTokens, imageTokens }: { readonly textTokens: number; readonly imageTokens: number },
  reported: number,
): TokenCheck => {
  const estimated = textTokens + imageTokens
  const off = reported - estimated
  const unexplained = Math.max(0, Math.abs(off) - textTokens * textSlack - frameTokens)
  const imageDrift = imageTokens === 0 ? 0 : (Math.sign(off) * unexplained) / imageTokens
  return { estimated, reported, imageDrift: Number(imageDrift.toFixed(4)) }
}

/** Counts, by model, how often the formula for pictures did not hold. */
export interface TokenDrift {
  /** Whether this answer's drift is beyond what is tolerated. */
  readonly count: (model: ModelRef, check: TokenCheck, at: number) => boolean
  /** The most drifted first. */
  readonly status: () => readonly ImageTokenStatus[]
}

interface Counts {
  readonly model: ModelRef
  answers: number
  drifted: number
  sum: number
  lastDriftAt?: number
}

/** Models come from the settings, but a caller may pin any; this many are counted. */
const mostModels = 200

export const createTokenDrift = (): TokenDrift => {
  const byModel = new Map<string, Counts>()
  return {
    count: ({ provider, model }, { imageDrift }, at) => {
      const id = modelId({ provider, model })
      const counts = byModel.get(id) ?? { model: { provider, model }, answers: 0, drifted: 0, sum: 0 }
      if (byModel.size < mostModels) byModel.set(id, counts)
      const isDrifted = Math.abs(imageDrift) > tolerated
      counts.answers++
      counts.sum += imageDrift
      if (isDrifted) {
        counts.drifted++
        counts.lastDriftAt = at
      }
      return isDrifted
    },
    status: () =>
      [...byModel.values()]
        .toSorted((a, b) => b.drifted / b.answers - a.drifted / a.answers)
        .map(({ model, answers, drifted, sum, lastDriftAt }) => ({
          ...model,
          answers,
          drifted,
          meanDrift: Number((sum / answers).toFixed(4)),
          ...(lastDriftAt === undefined ? {} : { lastDriftAt: new Date(lastDriftAt).toISOString() }),
        })),
  }
}
