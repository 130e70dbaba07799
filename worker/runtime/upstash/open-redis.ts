import { Redis } from "@upstash/redis/cloudflare"
import { wakingDeadline } from "../waking-deadline.ts"

/** Upstash's REST client as we use it everywhere: one try, plain values, a deadline for each call. */
export const openRedis = (url: string, token: string, timeoutMs: number): Redis =>
  new Redis({
    url,
    token,
    // `false` would still try twice, and a hit whose reply was lost would count twice.
    retry: { retries: 0 },
    enableTelemetry: false,
    automaticDeserialization: false,
    responseEncoding: false,
    // It would send the commands of several requests as one, and Workers forbid one request to wait for another's I/O.
    enableAutoPipelining: false,
    signal: () => wakingDeadline(timeoutMs),
  })
