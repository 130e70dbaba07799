import { nearest } from "../arguments/nearest.ts"
import { UsageError } from "../arguments/usage-error.ts"
import type { Command } from "../command.ts"
import { purgeCommand } from "./purge-command.ts"

const help = `Works on a gateway's cache.

  voltgate cache purge    takes answers out

  voltgate cache purge --help   its options`

/** `voltgate cache` */
export const cacheCommand: Command = async ([action, ...rest], host) => {
  if (action === "--help" || action === "-h") return { text: help, exitCode: 0 }
  if (action === "purge") return purgeCommand(rest, host)
  const meant = action === undefined ? undefined : nearest(action, ["purge", "--help"])
  throw new UsageError(
    meant === undefined
      ? "Say what to do with the cache: voltgate cache purge."
      : `\`voltgate cache\` has no such action; did you mean ${meant}?`,
  )
}
