import { ok, warning } from "./check.ts"
import type { Check } from "./check.ts"

const oldestNodeMajor = 24

/** Whether this Node is one that Voltgate is tested on. */
export const checkNode = (version: string): Check => {
  const major = Number(version.split(".")[0])
  if (major >= oldestNodeMajor) return ok("Node", `This is Node ${version}.`)
  return warning(
    "Node",
    `This is Node ${version}, older than the ${oldestNodeMajor} that Voltgate is tested on.`,
    "Start it as `npx voltgate`, which takes the Node that `npm ci` installs, or install a newer one.",
  )
}
