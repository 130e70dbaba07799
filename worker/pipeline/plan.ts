import type { PlanResponse } from "../../contract/plan.ts"
import type { CandidateRecord, ImageRecord } from "../../contract/record.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { plannedRecord } from "../images/optimize-image.ts"
import { ruleFor } from "../images/provider-rules.ts"
import { buildPrompt } from "../prompts/build-prompt.ts"
import { costUsd, findModel } from "../providers/models.ts"
import type { Prompt } from "../providers/provider.ts"
import { byProviderInTurn } from "../routing/by-provider-in-turn.ts"
import { cachedEstimateMs } from "../routing/estimate-response-time.ts"
import { estimateInputTokens, textOf } from "./estimate-input-tokens.ts"
import { lookUpCache } from "./look-up-cache.ts"
import { promptName } from "./prompt-name.ts"
import { planFor, providerOf } from "./optimize-images.ts"
import { selectProviders } from "./select-providers.ts"
import type { Miss, Question, Routed } from "./stages.ts"

/** What `analyze` would do with this question, by the same steps up to the call. Asks no provider and changes nothing. */
export const plan = async (question: Question, gateway: Gateway): Promise<PlanResponse> => {
  const looked = await lookUpCache(question, gateway)
  const miss: Miss = { found: false, question, cache: looked.cache }
  const routed = selectProviders(miss, gateway)
  const [candidate] = routed.ranked
  if (candidate === undefined) throw new GatewayError("no_provider", "No provider is allowed for this request.")
  const images = planImages(routed, candidate, gateway)
  const prompt = promptFor(question, candidate, gateway)
  const inputTokens = estimateInputTokens(prompt, images)
  const maxOutputTokens = prompt.maxOutputTokens ?? question.queryType.maxOutputTokens
  return {
    id: question.id,
    queryType: question.queryType.name,
    notices: question.notices,
    cache: looked.cache,
    candidates: routed.ranked,
    images,
    prompt: {
      template: promptName(question),
      system: prompt.system,
      user: textOf(prompt),
      maxOutputTokens,
      ...(prompt.schema === undefined ? {} : { schema: prompt.schema.schema }),
    },
    estimate: looked.found
      ? { responseTimeMs: cachedEstimateMs, basis: "cache", inputTokens: 0, usd: 0, savedUsd: 0 }
      : {
          responseTimeMs: routed.estimate.p50Ms,
          responseTimeP90Ms: routed.estimate.p90Ms,
          basis: routed.estimate.basis,
          inputTokens,
          usd: byProviderInTurn(routed.ranked)
            .slice(0, question.votes)
            .reduce((sum, each) => sum + estimateUsd(each, inputTokens, maxOutputTokens), 0),
          savedUsd: savedUsd(candidate, images),
        },
  }
}

const planImages = (routed: Routed, candidate: CandidateRecord, gateway: Gateway): readonly ImageRecord[] => {
  const { question } = routed
  const rule = ruleFor(providerOf(candidate, gateway.providers).wire, candidate.model)
  return question.images.map((image) => plannedRecord(image, planFor(image, rule, question), gateway.ports.imageEngine))
}

const promptFor = (question: Question, candidate: CandidateRecord, gateway: Gateway): Prompt =>
  buildPrompt(
    {
      ...question,
      images: question.images.map(({ index, bytes, header }) => ({ index, bytes, format: header.format })),
    },
    providerOf(candidate, gateway.providers).wire,
  )

/** An upper bound: as if the model used all the output it may. */
const estimateUsd = (candidate: CandidateRecord, inputTokens: number, outputTokens: number): number => {
  const price = findModel(candidate)
  return price === undefined ? 0 : costUsd(price, { inputTokens, outputTokens, cachedInputTokens: 0 })
}

const savedUsd = (candidate: CandidateRecord, images: readonly ImageRecord[]): number => {
  const saved = images.reduce((total, { from, to }) => total + from.tokens - to.tokens, 0)
  return ((findModel(candidate)?.inputUsdPerMillion ?? 0) * Math.max(0, saved)) / 1_000_000
}
