/** One model at one provider; written `provider/model`, which is also a candidate's id. */
export interface ModelRef {
  readonly provider: string
  readonly model: string
}

export const modelId = ({ provider, model }: ModelRef): string => `${provider}/${model}`

/** Reads `provider/model`; the model may itself hold slashes. */
export const parseModelRef = (text: string): ModelRef | undefined => {
  const slash = text.indexOf("/")
  return slash > 0 && slash < text.length - 1
    ? { provider: text.slice(0, slash), model: text.slice(slash + 1) }
    : undefined
}
