import type { FinishReason } from "../../contract/analyze.ts"
import type { ConsensusRecord, VoteRecord } from "../../contract/record.ts"
import { compareAnswers } from "../cache/audit/compare-answers.ts"
import { listDifferences } from "./list-differences.ts"
import type { Answering, Question } from "./stages.ts"

/** One candidate's whole answer. */
export interface Vote {
  readonly answering: Answering
  readonly answer: string
  readonly finishReason: FinishReason
  readonly usd: number
}

export interface Tally {
  readonly chosen: Vote
  readonly record: ConsensusRecord
}

/** Whether more than half of all that were to vote agree already. */
export const isDecided = (votes: readonly Vote[], question: Pick<Question, "votes">): boolean =>
  votes.some((vote) => agreeingWith(vote, votes).length > question.votes / 2)

/** The answer that most others agree with; of equals the first, so votes come best candidate first. */
export const tally = (votes: readonly Vote[], question: Pick<Question, "votes">): Tally => {
  const [first, ...rest] = votes
  if (first === undefined) throw new Error("There is nothing to choose from.")
  const support = (vote: Vote): number => agreeingWith(vote, votes).length
  const chosen = rest.reduce((best, vote) => (support(vote) > support(best) ? vote : best), first)
  const agreeing = agreeingWith(chosen, votes)
  return {
    chosen,
    record: {
      asked: question.votes,
      agreeing: Math.max(1, agreeing.length),
      agreed: agreeing.length > question.votes / 2,
      votes: votes.map((vote) => toRecord(vote, chosen, vote === chosen || agreeing.includes(vote))),
    },
  }
}

/** A refusal, or an answer that was cut short, says nothing that anybody could agree with. */
const agreeingWith = (vote: Vote, votes: readonly Vote[]): readonly Vote[] =>
  vote.finishReason === "stop"
    ? votes.filter(
        (other) =>
          other === vote ||
          (other.finishReason === "stop" && compareAnswers(vote.answer, other.answer).verdict === "same"),
      )
    : []

const toRecord = ({ answering, answer }: Vote, chosen: Vote, agrees: boolean): VoteRecord => ({
  provider: answering.candidate.provider,
  model: answering.candidate.model,
  agrees,
  ...(agrees ? {} : { differences: listDifferences(answer, chosen.answer) }),
})
