import type { CandidateRecord, ImageRecord } from "../../contract/record.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import type { ReceivedImage, SentImage } from "../images/image.ts"
import { optimizeImage } from "../images/optimize-image.ts"
import type { ImagePlan } from "../images/plan-image.ts"
import { planImage } from "../images/plan-image.ts"
import { ruleFor } from "../images/provider-rules.ts"
import type { ImageRule } from "../images/provider-rules.ts"
import { chosenDetail } from "../prompts/build-prompt.ts"
import type { Provider } from "../providers/provider.ts"
import { modelId } from "../routing/model-ref.ts"
import type { Pictured, Question, Routed } from "./stages.ts"

/** Makes each picture what this candidate's model will look at; one at a time, because memory is what runs out. */
export const optimizeImages = async (
  routed: Routed,
  candidate: CandidateRecord,
  { ports, providers, imageResults }: Pick<Gateway, "ports" | "providers" | "imageResults">,
): Promise<Pictured> => {
  const { question } = routed
  const provider = providerOf(candidate, providers)
  const rule = ruleFor(provider.wire, candidate.model)
  const sentImages: SentImage[] = []
  const imageRecords: ImageRecord[] = []
  for (const image of question.images) {
    const plan = planFor(image, rule, question)
    const { sent, record } = await optimizeImage(image, plan, {
      engine: ports.imageEngine,
      transform: (job) => imageResults.transform(question.caller.tenant, job, ports.imageEngine),
      now: ports.now,
    })
    sentImages.push(sent)
    imageRecords.push(record)
  }
  return { ...routed, candidate, provider, sentImages, imageRecords }
}

export const planFor = (image: ReceivedImage, rule: ImageRule, question: Question): ImagePlan =>
  planImage(image, rule, {
    detail: chosenDetail(question.detail, question.queryType),
    reads: question.queryType.reads,
  })

export const providerOf = (candidate: CandidateRecord, providers: ReadonlyMap<string, Provider>): Provider => {
  const provider = providers.get(candidate.provider)
  if (provider === undefined) throw new GatewayError("internal", `${modelId(candidate)} has no provider behind it.`)
  return provider
}
