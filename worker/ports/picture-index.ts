/** A picture as an index keeps it: opaque, since what is known of it is sealed. */
export interface StoredPicture {
  /** Names the picture within its tenant: 1 to 64 letters and digits. */
  readonly name: string
  readonly facts: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** An index keeps the newest pictures of a tenant, and about this many. */
export const picturesPerTenant = 128
/** A larger look is not worth keeping. */
export const largestLookBytes = 300_000

/**
 * Remembers what a tenant's pictures look like, for a bounded time, so that a copy of one can be told. Nothing that has
 * expired is ever found. Tenants are opaque names of letters and digits. Every method may reject when the store is away:
 * then a picture is known by its bytes alone.
 */
export interface PictureIndex {
  /** All pictures of a tenant, without their looks. One round trip. */
  readonly list: (tenant: string) => Promise<readonly StoredPicture[]>
  /** One picture's look; `undefined` where none is kept. */
  readonly look: (tenant: string, name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Takes the place of what was there under that name. */
  readonly remember: (tenant: string, picture: StoredPicture, look?: Uint8Array<ArrayBuffer>) => Promise<void>
}
