import type { FinishReason } from "../../contract/analyze.ts"
import type { ConsensusRecord, VoteRecord } from "../../contract/record.ts"
import { sameAnswer } from "./same-answer.ts"
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
export const isDecided = (votes: readonly Vote[], question: Question): boolean =>
  votes.some((vote) => agreeingWith(vote, votes, question).length > question.votes / 2)

/** The answer that most others agree with; of equals the first, so votes come best candidate first. */
export const tally = (votes: readonly Vote[], question: Question): Tally => {
  const [first, ...rest] = votes
  if (first === undefined) throw new Error("There is nothing to choose from.")
  const support = (vote: Vote): number => agreeingWith(vote, votes, question).length
  const chosen = rest.reduce((best, vote) => (support(vote) > support(best) ? vote : best), first)
  const agreeing = agreeingWith(chosen, votes, question)
  return {
    chosen,
    record: {
      asked: question.votes,
      agreeing: agreeing.length,
      agreed: agreeing.length > question.votes / 2,
      votes: votes.map((vote) => toRecord(vote, agreeing.includes(vote))),
    },
  }
}

const agreeingWith = (vote: Vote, votes: readonly Vote[], question: Question): readonly Vote[] =>
  votes.filter((other) => other === vote || agree(vote, other, question))

/** A refusal, or an answer that was cut short, says nothing that another could agree with. */
const agree = (one: Vote, other: Vote, { queryType, conversation }: Question): boolean =>
  one.finishReason === "stop" &&
  other.finishReason === "stop" &&
  sameAnswer(one.answer, other.answer, conversation === undefined ? queryType : undefined)

const shownCharacters = 300

const toRecord = ({ answering, answer }: Vote, agrees: boolean): VoteRecord => ({
  provider: answering.candidate.provider,
  model: answering.candidate.model,
  agrees,
  ...(agrees ? {} : { differences: [answer.slice(0, shownCharacters)] }),
})
