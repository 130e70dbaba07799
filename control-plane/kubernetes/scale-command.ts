import { familyOf } from "../subcommands.ts"
import { validateCommand } from "./policies/validate-command.ts"

/** `voltgate scale`: keeps Kubernetes deployments at the replicas that they need. */
export const scaleCommand = familyOf(
  "voltgate scale",
  "Keeps Kubernetes deployments at the replicas that they need, and never writes a count that nobody can explain.",
  [{ name: "validate", about: "checks a file of policies", run: validateCommand() }],
  "Policies begin by observing only: nothing is written before one says `write: act`. docs/kubernetes.md tells more.",
)
