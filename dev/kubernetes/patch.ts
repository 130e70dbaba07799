import { ApiError } from "./api-error.ts"
import { isRecord } from "./scale.ts"

/** JSON Merge Patch (RFC 7396). */
export const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isRecord(patch)) return patch
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

/** As the content type says; a body of the wrong kind is refused as the true server refuses it. */
export const applyPatch = (object: unknown, contentType: string, patch: unknown): unknown => {
  switch (contentType.split(";")[0] ?? "") {
    // Strategic differs from merge in lists alone, and no list of ours is ever patched.
    case "application/merge-patch+json":
    case "application/strategic-merge-patch+json":
      return mergePatch(object, patch)
    case "application/json-patch+json":
      if (!Array.isArray(patch)) {
        throw new ApiError(
          400,
          "BadRequest",
          "error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch",
        )
      }
      throw new ApiError(415, "UnsupportedMediaType", "this server takes merge patches only")
    default:
      throw new ApiError(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json",
      )
  }
}
