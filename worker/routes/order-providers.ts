import { DirectiveRequest } from "../../contract/directives.ts"
import type { Directive, Directives } from "../../contract/directives.ts"
import type { DirectiveStatus, OrderedResponse } from "../../contract/providers.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { parseJson, readBody } from "../pipeline/read-body.ts"
import { validate } from "../pipeline/validate.ts"
import type { RequestContext } from "../request-context.ts"

const mostBytes = 10_000

/** `POST /v1/providers`: drains, pins, releases or resets a provider or one of its models. For admin keys. */
export const postProviders = async ({ caller, request, id }: RequestContext, gateway: Gateway): Promise<Response> => {
  const { ports } = gateway
  if (caller.admin === undefined) {
    throw new GatewayError(
      "not_allowed",
      "This key may not tell the gateway what to do. Make one that may with `npx voltgate key --tenant NAME --admin`.",
    )
  }
  const asked = validate(DirectiveRequest, parseJson(await readBody(request, mostBytes)))
  checkTarget(asked.target, gateway)
  let directives: Directives
  try {
    directives = await ports.board.order({ ...asked, by: caller.admin })
  } catch (cause) {
    ports.log({ message: "order not kept", requestId: id, error: String(cause) })
    throw new GatewayError(
      "store_unavailable",
      "The order could not be kept at the moment; give it again in a while.",
      {
        retryAfterS: 5,
        cause,
      },
    )
  }
  ports.log({ message: "ordered", requestId: id, ...asked, by: caller.admin })
  const body: OrderedResponse = { directives: directives.standing.map(toDirectiveStatus) }
  return Response.json(body, { headers: { "x-voltgate-request-id": id } })
}

/** A name that nobody has is a typing error, and would be an order that does nothing. */
const checkTarget = (target: string, { providers }: Pick<Gateway, "providers">): void => {
  const [name = ""] = target.split("/")
  if (providers.has(name)) return
  const known = [...providers.keys()].join(", ")
  throw new GatewayError("invalid_request", `No provider is named "${name}"; there are: ${known}.`, {
    problems: [{ path: "target", message: `Give one of: ${known}, or provider/model.` }],
  })
}

export const toDirectiveStatus = (directive: Directive): DirectiveStatus => ({
  ...directive,
  until: new Date(directive.until).toISOString(),
})
