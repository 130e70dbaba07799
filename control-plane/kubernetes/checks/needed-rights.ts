import type { Right } from "../client/access.ts"
import { signalsOf } from "../policies/policy.ts"
import type { Policy } from "../policies/policy.ts"

/** Every right that the policies need: just the calls that are made, on just the deployments that are named. */
export const neededRights = (
  policies: readonly Policy[],
  stateNamespace: string,
  usesConfigMap: boolean,
): readonly Right[] => {
  const state = { namespace: stateNamespace, name: "voltgate-scale" }
  const rights: Right[] = [
    ...["get", "create", "update"].map((verb) => ({
      verb,
      group: "coordination.k8s.io",
      resource: "leases",
      ...state,
    })),
    ...(usesConfigMap
      ? ["get", "create", "update"].map((verb) => ({ verb, group: "", resource: "configmaps", ...state }))
      : []),
  ]
  for (const policy of policies) {
    const { namespace, deployment: name } = policy
    rights.push(
      { verb: "get", group: "apps", resource: "deployments", namespace, name },
      { verb: "get", group: "apps", resource: "deployments/scale", namespace, name },
      { verb: "list", group: "autoscaling", resource: "horizontalpodautoscalers", namespace },
      { verb: "list", group: "keda.sh", resource: "scaledobjects", namespace },
      ...(policy.write === "act"
        ? [
            { verb: "update", group: "apps", resource: "deployments/scale", namespace, name },
            { verb: "create", group: "events.k8s.io", resource: "events", namespace },
          ]
        : []),
      ...signalRights(policy),
    )
  }
  const seen = new Set<string>()
  return (
    rights
      // A name cannot be known before something is made: `create` is granted without one.
      .map((right) => (right.verb === "create" ? withoutName(right) : right))
      .filter((right) => !seen.has(JSON.stringify(right)) && seen.add(JSON.stringify(right)))
  )
}

const withoutName = ({ verb, group, resource, namespace }: Right): Right => ({ verb, group, resource, namespace })

const signalRights = (policy: Policy): readonly Right[] =>
  Object.values(signalsOf(policy))
    .flatMap(({ source, fallback }) => (fallback === undefined ? [source] : [source, fallback]))
    .flatMap((source): readonly Right[] => {
      const { namespace } = policy
      if (source.from === "metrics.k8s.io") {
        return [
          { verb: "list", group: "", resource: "pods", namespace },
          { verb: "list", group: "metrics.k8s.io", resource: "pods", namespace },
        ]
      }
      return source.from === "external"
        ? [{ verb: "get", group: "external.metrics.k8s.io", resource: source.metric, namespace }]
        : []
    })
