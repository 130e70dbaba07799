/** A Kubernetes object as JSON; what its kind holds beside metadata is looked at where it is used. */
export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: Metadata
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
  [field: string]: unknown
}

export interface Metadata {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  annotations?: Record<string, string>
  labels?: Record<string, string>
  [field: string]: unknown
}

/** A kind that the server keeps. */
export interface Resource {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  /** Whether a change of its spec counts up `metadata.generation`. */
  readonly hasGeneration?: boolean
}

export const resources: readonly Resource[] = [
  { group: "apps", version: "v1", plural: "deployments", kind: "Deployment", hasGeneration: true },
  { group: "", version: "v1", plural: "pods", kind: "Pod" },
  { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap" },
  { group: "", version: "v1", plural: "namespaces", kind: "Namespace" },
  { group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease" },
  { group: "events.k8s.io", version: "v1", plural: "events", kind: "Event" },
  { group: "autoscaling", version: "v2", plural: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler" },
  { group: "keda.sh", version: "v1alpha1", plural: "scaledobjects", kind: "ScaledObject" },
  { group: "metrics.k8s.io", version: "v1beta1", plural: "pods", kind: "PodMetrics" },
  { group: "external.metrics.k8s.io", version: "v1beta1", plural: "*", kind: "ExternalMetricValueList" },
]

export const apiVersionOf = ({ group, version }: Pick<Resource, "group" | "version">): string =>
  group === "" ? version : `${group}/${version}`
