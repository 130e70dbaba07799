const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its host name is not known",
  EAI_AGAIN: "its host name could not be looked up",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  EHOSTUNREACH: "no way leads to its host",
  ENETUNREACH: "no way leads to its network",
  ETIMEDOUT: "the connection was not answered",
  UND_ERR_CONNECT_TIMEOUT: "the connection was not answered",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is self-signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate cannot be verified",
}

/**
 * Why a server gave no answer, as the end of a sentence. Made of codes alone, since a message may repeat an address with
 * a password in it. `undefined` for an error that has no code.
 */
export const whyUnreachable = (error: unknown, deadlineMs: number): string | undefined => {
  if (error instanceof Error && error.name === "TimeoutError") return `no answer within ${deadlineMs / 1000} s`
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined)
  return code === undefined ? undefined : (reasons[code] ?? `the error is ${code}`)
}

/** The code of an error, of Node's or of Postgres's kind. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  typeof error.code === "string" &&
  /^\w+$/.test(error.code)
    ? error.code
    : undefined
