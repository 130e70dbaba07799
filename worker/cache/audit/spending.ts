/** A fortieth of near answers: each audit costs a provider's answer. */
const auditShare = 0.025

/** Whether this near answer is checked: a provider is asked all the same, afterwards and unseen. */
export const isAudited = (random: number): boolean => random < auditShare

/** What background judging may cost: one small question for five that were asked. */
const judgeCallsPerLookup = 0.2

/** Whether one more question to the small judge stays within what lookups so far allow. */
export const mayJudge = ({ lookups, judged }: { readonly lookups: number; readonly judged: number }): boolean =>
  judged + 1 <= lookups * judgeCallsPerLookup
