import { GatewayError } from "../errors.ts"
import { knownModels } from "../providers/models.ts"
import type { Provider } from "../providers/provider.ts"
import { modelId, parseModelRef } from "./model-ref.ts"
import type { ModelRef } from "./model-ref.ts"

export interface Allowance {
  /** What the request asks for: `auto`, `provider/model` or a model's name; a leading `voltgate/` changes nothing. */
  readonly model: string
  /** Names of the only providers allowed, by the request and by the caller's key. */
  readonly restrictions: readonly (readonly string[] | undefined)[]
}

export interface Allowed {
  readonly candidates: readonly ModelRef[]
  /** Part of the cache's scope: answers under one policy do not serve another. */
  readonly policy: string
}

/** All that may answer this request. An unknown model, or nothing left to choose from, is an error that says what exists. */
export const allowedCandidates = (
  { model, restrictions }: Allowance,
  { autoModels, providers }: { autoModels: readonly ModelRef[]; providers: ReadonlyMap<string, Provider> },
): Allowed => {
  const isAllowed = ({ provider }: ModelRef): boolean =>
    restrictions.every((names) => names === undefined || names.includes(provider))
  const name = model.startsWith("voltgate/") ? model.slice("voltgate/".length) : model
  if (name !== "auto") {
    const pinned = findPinned(name, providers)
    if (!isAllowed(pinned)) {
      throw new GatewayError("not_allowed", `${modelId(pinned)} is not among the providers allowed for this request.`)
    }
    return { candidates: [pinned], policy: modelId(pinned) }
  }
  const candidates = autoModels.filter(isAllowed)
  if (candidates.length === 0) {
    const known = autoModels.map(modelId).join(", ")
    throw new GatewayError(
      "not_allowed",
      `None of the allowed providers has a model that \`auto\` may choose. It chooses from: ${known}.`,
    )
  }
  return { candidates, policy: `auto:${candidates.map(modelId).toSorted().join(",")}` }
}

/** The provider that serves a model named alone: by the catalog, by a compatible server's list, or by its family's prefix. */
const findPinned = (name: string, providers: ReadonlyMap<string, Provider>): ModelRef => {
  const ref = parseModelRef(name)
  if (ref !== undefined && providers.has(ref.provider)) return ref
  const listed = [...providers.values()].find(({ models }) => models?.includes(name))
  if (listed !== undefined) return { provider: listed.name, model: name }
  const known = knownModels.find(({ model, provider }) => model === name && providers.has(provider))
  if (known !== undefined) return { provider: known.provider, model: name }
  const family = families.find(({ prefix, provider }) => prefix.test(name) && providers.has(provider))
  if (family !== undefined) return { provider: family.provider, model: name }
  throw new GatewayError(
    "unknown_model",
    `No provider is set up for the model "${name}". GET /v1/models lists the known ones; any other is named as provider/model, with provider one of: ${[...providers.keys()].join(", ")}.`,
  )
}

const families = [
  { prefix: /^(?:gpt-|o\d|chatgpt-)/, provider: "openai" },
  { prefix: /^claude-/, provider: "anthropic" },
  { prefix: /^gemini-/, provider: "google" },
]
