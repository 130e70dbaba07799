import * as v from "valibot"
import { purgeKinds } from "../../contract/purge.ts"
import type { PurgeKind, PurgeTarget } from "../../contract/purge.ts"
import { GatewayError } from "../errors.ts"
import { queryTypes } from "../prompts/find-query-type.ts"
import { Tag } from "./read-cache-headers.ts"
import { validate } from "./validate.ts"

const mostTargets = 64

/** What each kind's value looks like, so that a slip of the pen is an error and not a purge of nothing. */
const values: Readonly<Record<PurgeKind, v.GenericSchema<string, string>>> = {
  picture: v.pipe(
    v.string(),
    v.toLowerCase(),
    v.regex(/^[0-9a-f]{64}$/, "Send the SHA-256 of the picture's file: 64 hex digits."),
  ),
  tag: Tag,
  queryType: v.pipe(
    v.string(),
    v.check((name) => queryTypes.has(name), `There are: ${[...queryTypes.keys()].join(", ")}.`),
  ),
  model: v.pipe(v.string(), v.regex(/^[^/\s]+\/\S+$/, "Send provider/model, as GET /v1/models lists it.")),
  prompt: v.pipe(
    v.string(),
    v.regex(/^(?:\w+@\d{1,6}|verbatim)$/, "Send a template and its version, such as count@1, or verbatim for chats."),
  ),
}

/** The targets in the address of `DELETE /v1/cache`: each kind any number of times, or `all=true` alone. */
export const readPurgeRequest = ({ searchParams }: URL): "all" | readonly PurgeTarget[] => {
  const targets = [...searchParams].map(([kind, value]) => ({ kind, value }))
  if (targets.length === 0) {
    throw new GatewayError(
      "invalid_request",
      `Say what to purge: ${purgeKinds.map((kind) => `?${kind}=…`).join(", ")}, or ?all=true for everything of yours.`,
    )
  }
  if (targets.some(({ kind }) => kind === "all")) {
    if (targets.length === 1 && targets[0]?.value === "true") return "all"
    throw new GatewayError("invalid_request", "`all` stands alone, as ?all=true.", {
      problems: [{ path: "all", message: "Send ?all=true, and nothing besides." }],
    })
  }
  if (targets.length > mostTargets) {
    throw new GatewayError("invalid_request", `Send at most ${mostTargets} at a time; these are ${targets.length}.`)
  }
  return targets.map(({ kind, value }) => {
    if (!isKind(kind)) {
      throw new GatewayError(
        "invalid_request",
        `The cache cannot be purged by "${kind}"; it can by ${purgeKinds.join(", ")}, or all.`,
        { problems: [{ path: kind, message: "Not known." }] },
      )
    }
    return { kind, value: validate(v.object({ [kind]: values[kind] }), { [kind]: value })[kind] ?? value }
  })
}

const isKind = (name: string): name is PurgeKind => purgeKinds.some((kind) => kind === name)
