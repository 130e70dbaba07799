import { describe, expect, test } from "vitest"
import { GatewayError } from "../errors.ts"
import type { Provider } from "../providers/provider.ts"
import { allowedCandidates } from "./allowed-candidates.ts"
import type { Allowance, Allowed } from "./allowed-candidates.ts"
import { modelId } from "./model-ref.ts"

const provider = (name: string, models?: readonly string[]): Provider => ({
  name,
  wire: "openai",
  simulated: true,
  ...(models === undefined ? {} : { models }),
  ask: () => {
    throw new Error("Choosing asks nobody.")
  },
})
const providersOf = (...all: readonly Provider[]): ReadonlyMap<string, Provider> =>
  new Map(all.map((each) => [each.name, each]))

const autoModels = [
  { provider: "openai", model: "gpt-4o" },
  { provider: "anthropic", model: "claude-sonnet-5-5" },
  { provider: "google", model: "gemini-2.5-flash" },
]
const everyone = providersOf(
  provider("openai"),
  provider("anthropic"),
  provider("google"),
  provider("workshop", ["meta-llama/llama-4-scout", "gpt-oss"]),
)

const choose = (model: string, restrictions: Allowance["restrictions"] = [], providers = everyone): Allowed =>
  allowedCandidates({ model, restrictions }, { autoModels, providers })
const idsOf = ({ candidates }: Allowed): readonly string[] => candidates.map(modelId)
const refusal = (work: () => unknown): GatewayError => {
  try {
    work()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error("It was not refused.")
}

describe("what a request may name", () => {
  test.each(["auto", "voltgate/auto"])("%s leaves the choice of all automatic models", (model) => {
    expect(idsOf(choose(model))).toEqual(["openai/gpt-4o", "anthropic/claude-sonnet-5-5", "google/gemini-2.5-flash"])
  })

  test.each([
    ["provider and model", "openai/gpt-4o", "openai/gpt-4o"],
    ["a model that nobody has heard of, at a provider that is set up", "google/gemini-9", "google/gemini-9"],
    ["a model whose own name has a slash", "workshop/meta-llama/llama-4-scout", "workshop/meta-llama/llama-4-scout"],
    ["a name of the catalog", "claude-haiku-4-5", "anthropic/claude-haiku-4-5"],
    ["a name of a compatible server's list", "gpt-oss", "workshop/gpt-oss"],
    ["such a name with a slash", "meta-llama/llama-4-scout", "workshop/meta-llama/llama-4-scout"],
    ["a new GPT, by its family", "gpt-99", "openai/gpt-99"],
    ["a new o model, by its family", "o9-mini", "openai/o9-mini"],
    ["a new Claude, by its family", "claude-next", "anthropic/claude-next"],
    ["a new Gemini, by its family", "gemini-next", "google/gemini-next"],
    ["any of these behind voltgate/", "voltgate/openai/gpt-4o", "openai/gpt-4o"],
    ["a name alone behind voltgate/", "voltgate/claude-next", "anthropic/claude-next"],
  ])("%s", (_, model, expected) => {
    expect(idsOf(choose(model))).toEqual([expected])
  })

  test("a compatible server's list goes before the catalog: who sets it up wants it used", () => {
    const providers = providersOf(provider("openai"), provider("workshop", ["gpt-4o"]))
    expect(idsOf(choose("gpt-4o", [], providers))).toEqual(["workshop/gpt-4o"])
  })
})

describe("an unknown model is refused with what there is", () => {
  test.each([
    ["a name of no family", "llama-3"],
    ["a provider that is not set up", "mistral/large"],
    ["a name that begins like a family's, but is none of it", "oak"],
    ["nothing at all", "voltgate/"],
  ])("%s", (_, model) => {
    const { code, message } = refusal(() => choose(model))
    expect(code).toBe("unknown_model")
    expect(message).toContain("openai, anthropic, google, workshop")
    expect(message).toContain(`"${model.replace("voltgate/", "")}"`)
  })

  test("also a known model or family whose provider is not set up", () => {
    const providers = providersOf(provider("openai"))
    expect(refusal(() => choose("claude-haiku-4-5", [], providers)).code).toBe("unknown_model")
    expect(refusal(() => choose("claude-next", [], providers)).code).toBe("unknown_model")
  })
})

describe("restrictions", () => {
  test("narrow the automatic choice, all of them together", () => {
    expect(idsOf(choose("auto", [["openai", "google"], undefined, ["google", "anthropic"]]))).toEqual([
      "google/gemini-2.5-flash",
    ])
  })

  test("leave a pinned model alone where its provider is allowed", () => {
    expect(idsOf(choose("openai/gpt-4o", [["openai"]]))).toEqual(["openai/gpt-4o"])
  })

  test.each([
    ["a pinned model of another provider", "openai/gpt-4o", [["google"]], "openai/gpt-4o"],
    ["one that a single restriction forbids", "gpt-4o", [["openai"], ["google"]], "openai/gpt-4o"],
    ["an automatic choice of nobody", "auto", [["openai"], ["google"]], "google/gemini-2.5-flash"],
    ["a provider that does not exist", "auto", [["acme"]], "openai/gpt-4o"],
  ] as const)("refuse %s, and name it", (_, model, restrictions, named) => {
    const { code, message } = refusal(() => choose(model, restrictions))
    expect(code).toBe("not_allowed")
    expect(message).toContain(named)
  })
})

describe("the policy, under which answers are kept", () => {
  test("differs by what may answer", () => {
    const policies = [
      choose("auto"),
      choose("auto", [["openai", "google"]]),
      choose("auto", [["openai"]]),
      choose("openai/gpt-4o"),
      choose("google/gemini-2.5-flash"),
    ].map(({ policy }) => policy)
    expect(new Set(policies).size).toBe(policies.length)
  })

  test("is the same however the same candidates were named", () => {
    expect(choose("voltgate/auto", [["google", "openai"]]).policy).toBe(choose("auto", [["openai", "google"]]).policy)
    expect(choose("gpt-4o").policy).toBe(choose("voltgate/openai/gpt-4o").policy)
    const reversed = { autoModels: autoModels.toReversed(), providers: everyone }
    expect(allowedCandidates({ model: "auto", restrictions: [] }, reversed).policy).toBe(choose("auto").policy)
  })
})
