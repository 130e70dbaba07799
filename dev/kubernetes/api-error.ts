/** An error as an API server gives it: a `Status` object with a reason that programs know. */
export class ApiError extends Error {
  override readonly name = "ApiError"
  readonly status: number
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, reason: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.reason = reason
    this.headers = headers
  }
}

export const notFound = (plural: string, name: string): ApiError =>
  new ApiError(404, "NotFound", `${plural} "${name}" not found`)

export const conflict = (plural: string, name: string): ApiError =>
  new ApiError(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${plural} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  )

export const invalid = (kind: string, name: string, what: string): ApiError =>
  new ApiError(422, "Invalid", `${kind} "${name}" is invalid: ${what}`)

/** The body of an error's answer. */
export const statusOf = ({ status, reason, message }: ApiError): object => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message,
  reason,
  code: status,
})
