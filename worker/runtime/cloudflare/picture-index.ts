import type { PictureShelf } from "../../../durable-objects/picture-shelf.ts"
import type { PictureIndex } from "../../ports/picture-index.ts"
import { createBreaker } from "../upstash/breaker.ts"
import { beforeDeadline } from "./before-deadline.ts"

export interface DurablePictureIndexOptions {
  readonly shelves: Pick<DurableObjectNamespace<PictureShelf>, "idFromName" | "get">
  readonly now: () => number
  /** For each call to an object. */
  readonly timeoutMs?: number
}

/** What pictures look like, in one Durable Object per tenant. Stubs are made for each call: they must not outlive a request. */
export const createDurablePictureIndex = ({
  shelves,
  now,
  timeoutMs = 300,
}: DurablePictureIndexOptions): PictureIndex => {
  const breaker = createBreaker({ now })
  const guarded = <T>(work: () => Promise<T>): Promise<T> => breaker(() => beforeDeadline(work(), timeoutMs))
  const shelfOf = (tenant: string) => shelves.get(shelves.idFromName(tenant))
  return {
    list: (tenant) => guarded(async () => shelfOf(tenant).list()),
    look: async (tenant, name) => {
      const look = await guarded(async () => shelfOf(tenant).look(name))
      return look === undefined ? undefined : new Uint8Array(look)
    },
    remember: (tenant, picture, look) =>
      // A copy of its own: the view may be of a larger buffer.
      guarded(async () => shelfOf(tenant).remember(picture, look?.slice().buffer)),
  }
}
