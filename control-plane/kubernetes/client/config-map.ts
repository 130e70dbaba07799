import * as v from "valibot"
import { orUndefined } from "./kube-error.ts"
import { read } from "./read.ts"
import type { Send } from "./send.ts"

/** One text in a ConfigMap, at a version of it. */
export interface StoredText {
  readonly text: string
  readonly resourceVersion: string
}

export interface TextPlace {
  readonly namespace: string
  readonly name: string
  readonly key: string
}

const Reply = v.object({
  metadata: v.object({ resourceVersion: v.string() }),
  data: v.optional(v.record(v.string(), v.string()), {}),
})

const collection = (namespace: string): string => `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`

export const getText = async (send: Send, { namespace, name, key }: TextPlace): Promise<StoredText | undefined> => {
  const body = await orUndefined(send({ method: "GET", path: `${collection(namespace)}/${encodeURIComponent(name)}` }))
  if (body === undefined) return undefined
  const { metadata, data } = read(Reply, body, "ConfigMap")
  return { text: data[key] ?? "", resourceVersion: metadata.resourceVersion }
}

/** Keeps the text. Throws a KubeError `conflict` or `exists` when somebody else wrote since `resourceVersion`. */
export const putText = async (
  send: Send,
  { namespace, name, key }: TextPlace,
  text: string,
  resourceVersion: string | undefined,
): Promise<StoredText> => {
  const body = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name,
      namespace,
      labels: { "app.kubernetes.io/managed-by": "voltgate" },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    data: { [key]: text },
  }
  const path = collection(namespace)
  const answer =
    resourceVersion === undefined
      ? await send({ method: "POST", path, body })
      : await send({ method: "PUT", path: `${path}/${encodeURIComponent(name)}`, body })
  return { text, resourceVersion: read(Reply, answer, "ConfigMap").metadata.resourceVersion }
}
