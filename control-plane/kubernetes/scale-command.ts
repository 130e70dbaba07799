import { familyOf } from "../subcommands.ts"
import { exportCommand, importCommand } from "./commands/exchange-commands.ts"
import { explainCommand } from "./commands/explain-command.ts"
import { historyCommand } from "./commands/history-command.ts"
import { pauseCommand, resumeCommand, setCommand } from "./commands/order-commands.ts"
import { planCommand } from "./commands/plan-command.ts"
import { runCommand } from "./commands/run-command.ts"
import { statusCommand } from "./commands/status-command.ts"
import { validateCommand } from "./commands/validate-command.ts"
import { simulateCommand } from "./simulate/simulate-command.ts"

/** `voltgate scale` */
export const scaleCommand = familyOf(
  "voltgate scale",
  "Scales Kubernetes deployments by policies, and never writes what could do harm.",
  [
    { name: "validate", about: "checks policies, and the cluster that they are for", run: validateCommand },
    { name: "plan", about: "says what would be done now, and why", run: planCommand },
    { name: "run", about: "does it: once, or in a loop", run: runCommand },
    { name: "status", about: "shows each policy and its deployment", run: statusCommand },
    { name: "history", about: "lists what was decided; --html draws it", run: historyCommand },
    { name: "explain", about: "tells a decision in words", run: explainCommand },
    { name: "pause", about: "stops a policy's writing for a while", run: pauseCommand },
    { name: "resume", about: "ends a pause or an order", run: resumeCommand },
    { name: "set", about: "orders a count for a while", run: setCommand },
    { name: "simulate", about: "tries policies and other scalers on a course of the load", run: simulateCommand },
    { name: "import", about: "makes policies of HPAs and ScaledObjects", run: importCommand },
    { name: "export", about: "makes HPAs of policies", run: exportCommand },
  ],
  `examples/policies.yaml shows policies; docs/kubernetes.md explains them. Each command takes --json.

Exit codes: 0 done, 1 something is wrong or out of reach, 2 wrong usage, 3 another instance is at work.`,
)
