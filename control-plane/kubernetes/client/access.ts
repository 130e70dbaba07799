import * as v from "valibot"
import { read } from "./read.ts"
import type { Send } from "./send.ts"

export interface Right {
  readonly verb: string
  readonly group: string
  /** With a subresource after a slash, e.g. `deployments/scale`. */
  readonly resource: string
  readonly namespace: string
  readonly name?: string
}

const Reply = v.object({ status: v.object({ allowed: v.boolean() }) })

/** Asks the API server whether we may do something, without doing it (SelfSubjectAccessReview). */
export const mayDo = async (send: Send, { verb, group, resource, namespace, name }: Right): Promise<boolean> => {
  const [plural, subresource] = resource.split("/")
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    metadata: { name: "voltgate" },
    spec: {
      resourceAttributes: {
        verb,
        group,
        resource: plural,
        namespace,
        ...(subresource === undefined ? {} : { subresource }),
        ...(name === undefined ? {} : { name }),
      },
    },
  }
  const answer = await send({ method: "POST", path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body })
  return read(Reply, answer, "access review").status.allowed
}
