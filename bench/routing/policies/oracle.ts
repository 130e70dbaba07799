import { plainPolicy } from "../plain-policy.ts"
import type { Policy } from "../policy.ts"
import type { Truth } from "../world.ts"

/** Knows the world as it is at this moment, and takes what the published score of the outcome will probably be best for. */
export const oracle: Policy = plainPolicy({
  name: "oracle",
  observe: () => undefined,
  choose: ({ open, request, world }) => {
    const valueOf = (index: number): number => expectedValue(world.truthOf(index), request.type, request.outputTokens)
    return open.toSorted((a, b) => valueOf(b) - valueOf(a))[0]
  },
})

const expectedValue = (truth: Truth, type: number, outputTokens: number): number => {
  const { failingShare, hangingShare, firstTokenMs, perTokenMs, accuracy, busy, waiting, slots, allowance } = truth
  if (allowance < 1 || hangingShare > 0.5) return -1
  const usualMs = firstTokenMs * 1.2 + 300 * perTokenMs
  const waitMs = busy < slots ? 0 : ((waiting + 1) * usualMs) / slots
  const totalMs = waitMs + firstTokenMs * 1.2 + outputTokens * perTokenMs
  const success = (1 - failingShare) * (1 - hangingShare)
  const outcome =
    0.4 * (accuracy[type] ?? 0) + 0.3 * Math.max(0, 1 - totalMs / 30_000) + 0.2 + 0.1 * Math.max(0, 1 - busy / slots)
  return success * outcome
}
