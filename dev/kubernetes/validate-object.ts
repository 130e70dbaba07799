import { invalid } from "./api-error.ts"
import type { KubeObject, Resource } from "./objects.ts"

const microTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/
const noteCharacters = 1_024

/** What the true server refuses of the kinds that we write: times without microseconds, notes that are too long. */
export const validateObject = ({ kind }: Resource, object: KubeObject): void => {
  const { name } = object.metadata
  if (kind === "Lease") {
    for (const field of ["acquireTime", "renewTime"])
      requireMicroTime(kind, name, `spec.${field}`, object.spec?.[field])
    const seconds = object.spec?.["leaseDurationSeconds"]
    if (seconds !== undefined && !(Number.isInteger(seconds) && Number(seconds) > 0)) {
      throw invalid(kind, name, "spec.leaseDurationSeconds: Invalid value: must be greater than 0")
    }
  }
  if (kind === "Event") {
    requireMicroTime(kind, name, "eventTime", object["eventTime"])
    if (object["eventTime"] === undefined) throw invalid(kind, name, "eventTime: Required value")
    for (const field of ["reportingController", "reportingInstance", "action", "reason"]) {
      if (typeof object[field] !== "string" || object[field] === "")
        throw invalid(kind, name, `${field}: Required value`)
    }
    if (object["type"] !== "Normal" && object["type"] !== "Warning") {
      throw invalid(kind, name, `type: Invalid value: has invalid value: ${String(object["type"])}`)
    }
    const { note } = object
    if (typeof note === "string" && note.length > noteCharacters) {
      throw invalid(kind, name, `note: Invalid value: can have at most ${noteCharacters} characters`)
    }
  }
  if (kind === "ConfigMap") {
    const sizeBytes = JSON.stringify(object["data"] ?? {}).length
    if (sizeBytes > 1_048_576) throw invalid(kind, name, "[]: Too long: must have at most 1048576 bytes")
  }
}

const requireMicroTime = (kind: string, name: string, field: string, value: unknown): void => {
  if (value === undefined || value === null) return
  if (typeof value !== "string" || !microTime.test(value)) {
    throw invalid(kind, name, `${field}: parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05.000000Z07:00"`)
  }
}
