import { getDeployment } from "../client/deployment.ts"
import { listPodRequests, listPodUsage } from "../client/pods.ts"
import type { Send } from "../client/send.ts"
import type { Policy, SignalSource } from "../policies/policy.ts"
import type { Reading } from "../sample.ts"
import { noData, sampleOf } from "./reading.ts"

type ResourceSource = Extract<SignalSource, { from: "metrics.k8s.io" }>

/**
 * What the ready pods use of what they request, in percent, by the metrics server; pods that it does not know yet are left
 * out, as the HorizontalPodAutoscaler does.
 */
export const readResource = async (
  { resource }: ResourceSource,
  policy: Policy,
  { send, now }: { readonly send: Send; readonly now: () => number },
): Promise<Reading> => {
  const source = "metrics.k8s.io"
  const { selector } = await getDeployment(send, policy)
  if (selector === "") return noData(source, "the deployment selects its pods by no labels")
  const [pods, usage] = await Promise.all([
    listPodRequests(send, policy.namespace, selector, resource),
    listPodUsage(send, policy.namespace, selector, resource),
  ])
  const ready = new Map(pods.filter(({ isReady }) => isReady).map((pod) => [pod.name, pod.requested]))
  let [used, requested, oldestMs] = [0, 0, Number.POSITIVE_INFINITY]
  for (const pod of usage) {
    if (!ready.has(pod.name)) continue
    const request = ready.get(pod.name)
    if (request === undefined || request === 0)
      return noData(source, `the pods request no ${resource}, so there is nothing to be a share of`)
    used += pod.used
    requested += request
    oldestMs = Math.min(oldestMs, pod.measuredAtMs)
  }
  if (requested === 0) return noData(source, `none of ${ready.size} ready pods is measured`)
  return sampleOf(source, (100 * used) / requested, now(), oldestMs)
}
