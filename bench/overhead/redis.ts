// The answer cache's store, in a process of its own: its work must not count as the bench's or the gateway's.
import { startRedisEndpoint } from "../../dev/redis-endpoint/start.ts"

const { url, close } = await startRedisEndpoint({ token: process.argv[2] ?? "" })
console.log(`port ${new URL(url).port}`)
process.stdin.resume().on("end", () => void close().finally(() => process.exit()))
