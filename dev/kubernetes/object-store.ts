import { ApiError, conflict, notFound } from "./api-error.ts"
import { apiVersionOf } from "./objects.ts"
import type { KubeObject, Resource } from "./objects.ts"
import { validateObject } from "./validate-object.ts"

/** The objects of a cluster, with versions that grow with each change, as etcd's do. */
export interface ObjectStore {
  readonly get: (resource: Resource, namespace: string, name: string) => KubeObject
  readonly list: (resource: Resource, namespace: string | undefined) => readonly KubeObject[]
  readonly create: (resource: Resource, namespace: string, object: KubeObject) => KubeObject
  /** Replaces it; a `resourceVersion` in it that is not the present one is a conflict. */
  readonly replace: (resource: Resource, namespace: string, name: string, object: KubeObject) => KubeObject
  readonly remove: (resource: Resource, namespace: string, name: string) => KubeObject
  /** The version of the newest change of all. */
  readonly version: () => string
}

export const createObjectStore = (now: () => number): ObjectStore => {
  const objects = new Map<string, KubeObject>()
  let version = 1_000
  const keyOf = ({ group, plural }: Resource, namespace: string, name: string): string =>
    `${group}/${plural}/${namespace}/${name}`
  const get = (resource: Resource, namespace: string, name: string): KubeObject => {
    const found = objects.get(keyOf(resource, namespace, name))
    if (found === undefined) throw notFound(qualified(resource), name)
    return structuredClone(found)
  }
  const put = (resource: Resource, namespace: string, object: KubeObject): KubeObject => {
    validateObject(resource, object)
    object.metadata.resourceVersion = String(++version)
    objects.set(keyOf(resource, namespace, object.metadata.name), structuredClone(object))
    return object
  }
  return {
    get,
    list: ({ group, plural }, namespace) =>
      [...objects]
        .filter(([key]) => key.startsWith(`${group}/${plural}/${namespace === undefined ? "" : `${namespace}/`}`))
        .map(([, object]) => structuredClone(object)),
    create: (resource, namespace, object) => {
      const { metadata } = object
      if (typeof metadata?.name !== "string" || metadata.name === "") {
        throw new ApiError(
          422,
          "Invalid",
          `${resource.kind} "" is invalid: metadata.name: Required value: name or generateName is required`,
        )
      }
      if (objects.has(keyOf(resource, namespace, metadata.name))) {
        throw new ApiError(409, "AlreadyExists", `${qualified(resource)} "${metadata.name}" already exists`)
      }
      return put(resource, namespace, {
        ...object,
        apiVersion: apiVersionOf(resource),
        kind: resource.kind,
        metadata: {
          ...metadata,
          ...(resource.kind === "Namespace" ? {} : { namespace }),
          uid: `00000000-0000-4000-8000-${String(version).padStart(12, "0")}`,
          creationTimestamp: new Date(now()).toISOString().replace(/\.\d+Z$/, "Z"),
          ...(resource.hasGeneration === true ? { generation: 1 } : {}),
        },
      })
    },
    replace: (resource, namespace, name, object) => {
      const known = get(resource, namespace, name)
      const expected = object.metadata?.resourceVersion
      if (expected !== undefined && expected !== known.metadata.resourceVersion)
        throw conflict(qualified(resource), name)
      const isChanged = JSON.stringify(known.spec) !== JSON.stringify(object.spec)
      const generation = (known.metadata.generation ?? 1) + (isChanged ? 1 : 0)
      const { uid, creationTimestamp } = known.metadata
      const metadata = {
        ...object.metadata,
        name,
        ...(known.metadata.namespace === undefined ? {} : { namespace: known.metadata.namespace }),
        ...(uid === undefined ? {} : { uid }),
        ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
        ...(resource.hasGeneration === true ? { generation } : {}),
      }
      return put(resource, namespace, { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind, metadata })
    },
    remove: (resource, namespace, name) => {
      const found = get(resource, namespace, name)
      objects.delete(keyOf(resource, namespace, name))
      version++
      return found
    },
    version: () => String(version),
  }
}

const qualified = ({ group, plural }: Resource): string => (group === "" ? plural : `${plural}.${group}`)
