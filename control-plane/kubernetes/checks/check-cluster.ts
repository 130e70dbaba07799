import type { Check } from "../../doctor/check.ts"
import { failed, ok, warning } from "../../doctor/check.ts"
import { mayDo } from "../client/access.ts"
import { newMemory } from "../decide/memory.ts"
import { observeTarget } from "../protocol/observe-target.ts"
import { readBeliefs } from "../protocol/read-beliefs.ts"
import type { Cluster } from "../commands/scale-options.ts"
import { show } from "../decide/show.ts"
import { neededRights } from "./needed-rights.ts"

/** Whether the policies could work on this cluster now: rights, deployments, other owners, signals. Writes nothing. */
export const checkCluster = async (cluster: Cluster, now: () => number): Promise<readonly Check[]> => {
  const [rights, ...policies] = await Promise.all([
    checkRights(cluster),
    ...cluster.policies.map((policy) => checkPolicy(cluster, policy, now)),
  ])
  return [...rights, ...policies.flat()]
}

const checkRights = async ({ send, policies, namespace, store }: Cluster): Promise<readonly Check[]> => {
  const rights = neededRights(policies, namespace, store.place.startsWith("ConfigMap"))
  const allowed = await Promise.all(rights.map((right) => mayDo(send, right)))
  const missing = rights.filter((_, index) => allowed[index] === false)
  if (missing.length === 0) return [ok("rights", `All ${rights.length} rights that are needed are granted.`)]
  return missing.map(({ verb, group, resource, namespace: scope, name }) =>
    failed(
      "rights",
      `May not ${verb} ${resource}${group === "" ? "" : `.${group}`}${name === undefined ? "" : ` "${name}"`} in the namespace ${scope}.`,
      "Grant it as in deploy/kubernetes/rbac.yaml.",
    ),
  )
}

const checkPolicy = async (
  { send, readSource }: Cluster,
  policy: Cluster["policies"][number],
  now: () => number,
): Promise<readonly Check[]> => {
  const memory = newMemory(now())
  const [target, beliefs] = await Promise.all([
    observeTarget(send, policy, { memory, told: [] }, now()),
    readBeliefs(policy, memory, { readSource, now }),
  ])
  const place = `${policy.namespace}/${policy.deployment}`
  const seen =
    target.kind === "ready"
      ? ok(policy.name, `${place} has ${target.scale.replicas} replicas, ${target.readyReplicas} of them ready.`)
      : target.refusal === "target-missing" || target.refusal === "cluster-error"
        ? failed(policy.name, target.reason, "Check the policy's namespace and deployment.")
        : warning(policy.name, target.reason, "Nothing is written while that is so.")
  return [
    seen,
    ...Object.entries(beliefs).map(([name, belief]) =>
      belief.believed
        ? ok(policy.name, `${name} is ${show(belief.sample.value)}, by ${belief.source}.`)
        : failed(
            policy.name,
            `${name} cannot be had: ${belief.reason}.`,
            "Check the signal's source; nothing is changed without it.",
          ),
    ),
  ]
}
