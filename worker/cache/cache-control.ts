/** What the caller lets the cache do for this request (RFC 9111, section 5.2.1). */
export interface CacheControl {
  readonly read: boolean
  readonly write: boolean
  /** The oldest cached answer that the caller takes. */
  readonly maxAgeS?: number
}

/** Reads a `cache-control` request header; directives that it does not know mean nothing, as the RFC asks. */
export const readCacheControl = (header: string | null | undefined): CacheControl => {
  const directives = (header ?? "")
    .toLowerCase()
    .split(",")
    .map((part) => part.trim())
  if (directives.includes("no-store")) return { read: false, write: false }
  const maxAge = directives.map((part) => /^max-age="?(\d{1,9})"?$/.exec(part)?.[1]).find((age) => age !== undefined)
  return {
    read: !directives.includes("no-cache"),
    write: true,
    ...(maxAge === undefined ? {} : { maxAgeS: Number(maxAge) }),
  }
}
