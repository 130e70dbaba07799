import { ApiError, conflict } from "./api-error.ts"
import type { KubeObject, Resource } from "./objects.ts"
import type { ObjectStore } from "./object-store.ts"

/** A deployment's `/scale`: zero replicas are left out of `spec`, as Go leaves out what is empty. */
export const readScale = (deployment: KubeObject): object => {
  const replicas = Number(deployment.spec?.["replicas"] ?? 1)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = deployment.metadata
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: Number(deployment.status?.["replicas"] ?? 0), selector: `app=${name}` },
  }
}

/** Writes `/scale`. A replica count of `null`, or none, is 0: the server takes it for what it leaves out itself. */
export const writeScale = (
  store: ObjectStore,
  resource: Resource,
  deployment: KubeObject,
  body: unknown,
): KubeObject => {
  const { name, namespace = "default", resourceVersion } = deployment.metadata
  const scale = isRecord(body) ? body : {}
  const metadata = isRecord(scale["metadata"]) ? scale["metadata"] : {}
  if (metadata["resourceVersion"] !== undefined && metadata["resourceVersion"] !== resourceVersion) {
    throw conflict("deployments.apps", name)
  }
  const spec = isRecord(scale["spec"]) ? scale["spec"] : {}
  const given = spec["replicas"] ?? 0
  if (typeof given !== "number" || !Number.isInteger(given)) {
    const got = typeof given === "number" ? `number ${given}` : typeof given
    throw new ApiError(
      400,
      "BadRequest",
      `json: cannot unmarshal ${got} into Go struct field ScaleSpec.spec.replicas of type int32`,
    )
  }
  if (given < 0) {
    throw new ApiError(
      422,
      "Invalid",
      `Scale.autoscaling "${name}" is invalid: spec.replicas: Invalid value: ${given}: must be greater than or equal to 0`,
    )
  }
  return store.replace(resource, namespace, name, { ...deployment, spec: { ...deployment.spec, replicas: given } })
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
