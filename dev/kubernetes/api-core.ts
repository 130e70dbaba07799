import { ApiError, statusOf } from "./api-error.ts"
import { createObjectStore } from "./object-store.ts"
import type { ObjectStore } from "./object-store.ts"
import { apiVersionOf, resources } from "./objects.ts"
import type { KubeObject, Resource } from "./objects.ts"
import { applyPatch } from "./patch.ts"
import { isRecord, readScale, writeScale } from "./scale.ts"

export interface ApiRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly contentType?: string
  readonly body?: string
  /** Who asks, where the server tells users apart. */
  readonly user?: string
}

export interface ApiResponse {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** Who may do what: e.g. `{ verb: "update", group: "apps", resource: "deployments/scale", names: ["web"] }`. */
export interface Permission {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly names?: readonly string[]
}

export interface ApiCore {
  readonly handle: (request: ApiRequest) => ApiResponse
  readonly store: ObjectStore
  /** Every write that was carried out, oldest first. */
  readonly writes: readonly { readonly method: string; readonly path: string; readonly body: string }[]
}

export interface ApiCoreOptions {
  readonly now: () => number
  /** Absent: everybody may do everything. */
  readonly permissions?: (user: string) => readonly Permission[]
}

/**
 * The part of an API server that needs no network: it keeps objects, checks versions, rights and shapes, and answers as a
 * real one does, down to a `null` replica count that it takes for 0.
 */
export const createApiCore = ({ now, permissions }: ApiCoreOptions): ApiCore => {
  const store = createObjectStore(now)
  const writes: { method: string; path: string; body: string }[] = []
  const answer = (request: ApiRequest): unknown => {
    const url = new URL(request.path, "http://server")
    if (url.pathname === "/version") return { major: "1", minor: "34", gitVersion: "v1.34.0" }
    if (url.pathname === "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews") return review(request)
    const way = parseWay(url.pathname)
    const verb = verbOf(request.method, way)
    if (permissions !== undefined) authorize(permissions(request.user ?? ""), verb, way, request.user ?? "")
    const result = act(request, way, url)
    if (request.method !== "GET") writes.push({ method: request.method, path: url.pathname, body: request.body ?? "" })
    return result
  }

  const act = (request: ApiRequest, way: Way, url: URL): unknown => {
    const { resource, namespace, name, subresource } = way
    const scope = namespace ?? ""
    if (name === undefined) {
      if (request.method === "GET") return listOf(store, way, url.searchParams)
      if (request.method === "POST") return store.create(resource, scope, parseBody(request))
      throw notAllowed()
    }
    if (resource.group === "external.metrics.k8s.io") return store.get(resource, scope, name)
    const known = store.get(resource, scope, name)
    const asked = subresource === "scale" ? readScale(known) : known
    switch (request.method) {
      case "GET":
        return asked
      case "PUT":
        return subresource === "scale"
          ? readScale(writeScale(store, resource, known, parseJson(request)))
          : store.replace(resource, scope, name, parseBody(request))
      case "PATCH": {
        const patched = applyPatch(asked, request.contentType ?? "", parseJson(request))
        return subresource === "scale"
          ? readScale(writeScale(store, resource, known, patched))
          : store.replace(resource, scope, name, asObject(patched))
      }
      case "DELETE":
        return store.remove(resource, scope, name)
      default:
        throw notAllowed()
    }
  }

  const review = (request: ApiRequest): unknown => {
    const body = parseJson(request)
    const spec = isRecord(body) && isRecord(body["spec"]) ? body["spec"] : {}
    const asked = isRecord(spec["resourceAttributes"]) ? spec["resourceAttributes"] : {}
    const text = (key: string): string => (typeof asked[key] === "string" ? asked[key] : "")
    const resource = text("subresource") === "" ? text("resource") : `${text("resource")}/${text("subresource")}`
    const allowed =
      permissions === undefined ||
      permits(permissions(request.user ?? ""), {
        verb: text("verb"),
        group: text("group"),
        resource,
        name: text("name"),
      })
    return { kind: "SelfSubjectAccessReview", apiVersion: "authorization.k8s.io/v1", spec, status: { allowed } }
  }

  return {
    store,
    writes,
    handle: (request) => {
      try {
        return { status: request.method === "POST" ? 201 : 200, body: JSON.stringify(answer(request)), headers: {} }
      } catch (error) {
        const known = error instanceof ApiError ? error : new ApiError(500, "InternalError", String(error))
        return { status: known.status, body: JSON.stringify(statusOf(known)), headers: known.headers }
      }
    },
  }
}

interface Way {
  readonly resource: Resource
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
}

const wayPattern =
  /^\/(?:api|apis\/(?<group>[a-z0-9.]+))\/(?<version>v[a-z0-9]+)(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[a-z]+))?$/

const parseWay = (path: string): Way => {
  const { group = "", version, namespace, plural, name, subresource } = wayPattern.exec(path)?.groups ?? {}
  const resource = resources.find(
    (each) => each.group === group && each.version === version && (each.plural === plural || each.plural === "*"),
  )
  if (resource === undefined) throw new ApiError(404, "NotFound", "the server could not find the requested resource")
  return {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    // A metric's name stands where other groups have a kind.
    ...(resource.plural === "*"
      ? plural === undefined
        ? {}
        : { name: plural }
      : name === undefined
        ? {}
        : { name: decodeURIComponent(name) }),
    ...(subresource === undefined ? {} : { subresource }),
  }
}

const verbOf = (method: string, { name }: Way): string =>
  ({ GET: name === undefined ? "list" : "get", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" })[
    method
  ] ?? method

const resourceOf = ({ resource, subresource, name }: Way): string =>
  resource.plural === "*"
    ? (name ?? "*")
    : subresource === undefined
      ? resource.plural
      : `${resource.plural}/${subresource}`

const permits = (
  permissions: readonly Permission[],
  asked: { readonly verb: string; readonly group: string; readonly resource: string; readonly name: string },
): boolean =>
  permissions.some(
    ({ verb, group, resource, names }) =>
      (verb === asked.verb || verb === "*") &&
      group === asked.group &&
      (resource === asked.resource || resource === "*") &&
      (names === undefined || names.includes(asked.name)),
  )

const authorize = (permissions: readonly Permission[], verb: string, way: Way, user: string): void => {
  const { group } = way.resource
  const resource = resourceOf(way)
  if (permits(permissions, { verb, group, resource, name: way.name ?? "" })) return
  throw new ApiError(
    403,
    "Forbidden",
    `${resource}${group === "" ? "" : `.${group}`} "${way.name ?? ""}" is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" in the namespace "${way.namespace ?? ""}"`,
  )
}

const listOf = (store: ObjectStore, { resource, namespace }: Way, query: URLSearchParams): unknown => {
  const [key, value] = (query.get("labelSelector") ?? "").split("=")
  const items = store
    .list(resource, namespace)
    .filter(({ metadata }) => key === undefined || key === "" || metadata.labels?.[key] === value)
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion: store.version() },
    items,
  }
}

const parseJson = ({ body }: ApiRequest): unknown => {
  try {
    return JSON.parse(body ?? "")
  } catch {
    throw new ApiError(
      400,
      "BadRequest",
      "the object provided is unrecognized: couldn't get version/kind; json parse error",
    )
  }
}

const parseBody = (request: ApiRequest): KubeObject => asObject(parseJson(request))

const asObject = (value: unknown): KubeObject => {
  if (isRecord(value) && isRecord(value["metadata"]) && typeof value["metadata"]["name"] === "string") {
    return { ...value, metadata: { ...value["metadata"], name: value["metadata"]["name"] } }
  }
  throw new ApiError(400, "BadRequest", "the object provided has no metadata.name")
}

const notAllowed = (): ApiError =>
  new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
