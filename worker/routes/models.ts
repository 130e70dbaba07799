import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { knownModels } from "../providers/models.ts"
import type { RequestContext } from "../request-context.ts"
import { modelId } from "../routing/model-ref.ts"

interface ModelObject {
  readonly id: string
  readonly object: "model"
  readonly created: number
  readonly owned_by: string
}

/** `GET /v1/models`: `auto`, and each known model of the providers that are set up, in OpenAI's format. */
export const getModels = ({ caller }: RequestContext, gateway: Gateway): Response =>
  Response.json({ object: "list", data: listModels(gateway, caller.providers) })

/** `GET /v1/models/{model}`. */
export const getModel = ({ caller, request }: RequestContext, gateway: Gateway): Response => {
  const id = decodeURIComponent(new URL(request.url).pathname.slice("/v1/models/".length))
  const model = listModels(gateway, caller.providers).find((each) => each.id === id)
  if (model === undefined)
    throw new GatewayError("unknown_model", `The model "${id}" is not listed. GET /v1/models lists all.`)
  return Response.json(model)
}

const listModels = (
  { providers, autoModels }: Gateway,
  allowed: readonly string[] | undefined,
): readonly ModelObject[] => {
  const served = [...providers.values()].filter(({ name }) => allowed === undefined || allowed.includes(name))
  const ids = new Set([
    ...autoModels.filter(({ provider }) => served.some(({ name }) => name === provider)).map(modelId),
    ...served.flatMap(({ name, models }) =>
      (models ?? knownModels.filter(({ provider }) => provider === name).map(({ model }) => model)).map((model) =>
        modelId({ provider: name, model }),
      ),
    ),
  ])
  return [toObject("auto", "voltgate"), ...[...ids].map((id) => toObject(id, id.slice(0, id.indexOf("/"))))]
}

const toObject = (id: string, owner: string): ModelObject => ({ id, object: "model", created: 0, owned_by: owner })
