import { nearest } from "../arguments/nearest.ts"
import { UsageError } from "../arguments/usage-error.ts"
import type { Command } from "../command.ts"
import { planCommand } from "./plan-command.ts"

const help = `Shows what a gateway makes of pictures.

  voltgate images plan    what a model would be sent of some pictures, and what that saves

  voltgate images plan --help   its options`

/** `voltgate images` */
export const imagesCommand: Command = async ([action, ...rest], host) => {
  if (action === "--help" || action === "-h") return { text: help, exitCode: 0 }
  if (action === "plan") return planCommand(rest, host)
  const meant = action === undefined ? undefined : nearest(action, ["plan", "--help"])
  throw new UsageError(
    meant === undefined
      ? "Say what to do with the pictures: voltgate images plan FILE --model MODEL."
      : `\`voltgate images\` has no such action; did you mean ${meant}?`,
  )
}
