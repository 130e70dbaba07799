import * as v from "valibot"
import { orUndefined } from "./kube-error.ts"
import { read } from "./read.ts"
import type { TargetRef } from "./scale.ts"
import type { Send } from "./send.ts"

/** Something else that sets the replicas of the same deployment. */
export interface OtherOwner {
  readonly kind: "HorizontalPodAutoscaler" | "ScaledObject"
  readonly name: string
}

const named = v.object({ name: v.string() })
const Autoscalers = v.object({
  items: v.array(
    v.object({ metadata: named, spec: v.object({ scaleTargetRef: v.object({ kind: v.string(), name: v.string() }) }) }),
  ),
})
const ScaledObjects = v.object({
  items: v.array(
    v.object({
      metadata: named,
      // KEDA takes a Deployment where no kind is named.
      spec: v.object({ scaleTargetRef: v.object({ kind: v.optional(v.string(), "Deployment"), name: v.string() }) }),
    }),
  ),
})

/** Who else scales the deployment. A cluster without KEDA has no ScaledObjects, and says so with 404. */
export const listOtherOwners = async (
  send: Send,
  { namespace, deployment }: TargetRef,
): Promise<readonly OtherOwner[]> => {
  const scope = encodeURIComponent(namespace)
  const [autoscalers, scaledObjects] = await Promise.all([
    send({ method: "GET", path: `/apis/autoscaling/v2/namespaces/${scope}/horizontalpodautoscalers` }),
    orUndefined(send({ method: "GET", path: `/apis/keda.sh/v1alpha1/namespaces/${scope}/scaledobjects` })),
  ])
  const aims = ({ kind, name }: { readonly kind: string; readonly name: string }): boolean =>
    kind === "Deployment" && name === deployment
  return [
    ...read(Autoscalers, autoscalers, "list of HorizontalPodAutoscalers")
      .items.filter(({ spec }) => aims(spec.scaleTargetRef))
      .map(({ metadata }) => ({ kind: "HorizontalPodAutoscaler", name: metadata.name }) as const),
    ...(scaledObjects === undefined ? [] : read(ScaledObjects, scaledObjects, "list of ScaledObjects").items)
      .filter(({ spec }) => aims(spec.scaleTargetRef))
      .map(({ metadata }) => ({ kind: "ScaledObject", name: metadata.name }) as const),
  ]
}
