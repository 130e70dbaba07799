import type { PictureIndex, StoredPicture } from "../../ports/picture-index.ts"
import { picturesPerTenant } from "../../ports/picture-index.ts"

export interface MemoryPictureIndexOptions {
  readonly now: () => number
  /** Of all looks of all tenants. */
  readonly maxLookBytes?: number
}

interface Kept {
  readonly tenant: string
  readonly picture: StoredPicture
  readonly look?: Uint8Array<ArrayBuffer>
}

/** What pictures look like, in the memory of one process; the oldest goes first. */
export const createMemoryPictureIndex = ({
  now,
  maxLookBytes = 32_000_000,
}: MemoryPictureIndexOptions): PictureIndex => {
  /** In order of writing. */
  const all = new Map<string, Kept>()
  let lookBytes = 0
  const key = (tenant: string, name: string): string => `${tenant} ${name}`
  const drop = (at: string): void => {
    lookBytes -= all.get(at)?.look?.length ?? 0
    all.delete(at)
  }
  const ofTenant = (tenant: string): readonly (readonly [string, Kept])[] =>
    [...all].filter(([, kept]) => kept.tenant === tenant)
  const isLive = ({ picture }: Kept): boolean => picture.expiresAt > now()

  return {
    list: async (tenant) => ofTenant(tenant).flatMap(([, kept]) => (isLive(kept) ? [kept.picture] : [])),
    look: async (tenant, name) => {
      const kept = all.get(key(tenant, name))
      return kept !== undefined && isLive(kept) ? kept.look : undefined
    },
    remember: async (tenant, picture, look) => {
      drop(key(tenant, picture.name))
      for (const [at, kept] of all) if (!isLive(kept)) drop(at)
      for (const [at] of ofTenant(tenant).slice(0, -(picturesPerTenant - 1))) drop(at)
      all.set(key(tenant, picture.name), { tenant, picture, ...(look === undefined ? {} : { look }) })
      lookBytes += look?.length ?? 0
      for (const at of all.keys()) {
        if (lookBytes <= maxLookBytes) break
        drop(at)
      }
    },
  }
}
