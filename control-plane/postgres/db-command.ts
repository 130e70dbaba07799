import type { Command } from "../command.ts"
import { familyOf } from "../subcommands.ts"
import { adviseCommand, explainCommand } from "./advise/advise-command.ts"
import { applyCommand } from "./apply/apply-command.ts"
import { revertCommand } from "./apply/revert-command.ts"
import { databaseDoctorCommand } from "./doctor/doctor-command.ts"
import { poolCommand } from "./pool/pool-command.ts"
import { reportCommand } from "./report/report-command.ts"
import { watchCommand } from "./watch/watch-command.ts"

/** `voltgate db` */
export const dbCommand: Command = familyOf(
  "voltgate db",
  "Keeps a Postgres in shape: nothing is changed unless told to, and every change is recorded and can be undone.",
  [
    { name: "doctor", about: "looks whether a database can be advised and changed", run: databaseDoctorCommand },
    { name: "report", about: "shows what is slow, what changed, what to look at", run: reportCommand },
    { name: "advise", about: "says which indexes are worth building", run: adviseCommand },
    { name: "explain", about: "tells one piece of advice in words", run: explainCommand },
    { name: "apply", about: "carries out advice, and lists what was changed", run: applyCommand },
    {
      name: "watch",
      about: "judges what was changed, undoes what did not help, makes the next change; for cron",
      run: watchCommand,
    },
    { name: "pool", about: "tries a pool of connections, and serves its metrics", run: poolCommand },
    { name: "revert", about: "undoes a change", run: revertCommand },
  ],
  "Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 forbidden for now.",
)
