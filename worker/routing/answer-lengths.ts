import type { AnswerLength, AnswerLengths, Observation } from "../../contract/provider-board.ts"
import { keepNewest } from "./keep-newest.ts"
import { queryTypeOf } from "./request-kind.ts"

/**
 * How long answers to a type of question usually are, whoever gives them: the same for all candidates, or brief ones would
 * look quick. A count is answered in a line and a table in a page, so it decides whether a quick first token or quick
 * ones after it are worth more.
 */

/** Under it the answers to all types of questions. */
const allTypes = ""
export const keptLengths = 24
const remembered = 200
/** What is expected before there was an answer, and how many answers that is worth. */
const priorTokens = 200
const priorAnswers = 10

/** The lengths after one more observation; only whole answers say anything. */
export const addAnswerLength = (lengths: AnswerLengths, observation: Observation): AnswerLengths => {
  const { ok, responseTimeMs, outputTokens, kind } = observation
  if (!ok || responseTimeMs === undefined || outputTokens === undefined) return lengths
  const add = (before: AnswerLengths, name: string): AnswerLengths =>
    keepNewest(before, name, withAnswer(before[name], outputTokens), keptLengths)
  return add(kind === undefined ? lengths : add(lengths, queryTypeOf(kind)), allTypes)
}

const withAnswer = ({ meanTokens, answers }: AnswerLength = { meanTokens: 0, answers: 0 }, tokens: number) => {
  const counted = Math.min(remembered, answers + 1)
  return { meanTokens: meanTokens + (tokens - meanTokens) / counted, answers: counted }
}

/** The tokens that an answer is expected to have: for a type that is little known, what all together have. */
export const expectedTokens = (lengths: AnswerLengths, queryType: string): number => {
  const ofAll = shrunk(lengths[allTypes], priorTokens)
  return queryType === allTypes ? ofAll : shrunk(lengths[queryType], ofAll)
}

const shrunk = (length: AnswerLength | undefined, priorMean: number): number =>
  length === undefined
    ? priorMean
    : (length.meanTokens * length.answers + priorMean * priorAnswers) / (length.answers + priorAnswers)
