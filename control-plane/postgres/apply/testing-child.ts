import { once } from "node:events"
import { applyChanges } from "./apply-changes.ts"
import { asOnlyRun } from "./open-run.ts"
import { readChange } from "./read-change.ts"
import { undo } from "./revert.ts"
import { connectTo } from "./session.ts"
import { indexOn, runSettings } from "./testing.ts"

// Applies a change and undoes it, in a process of its own that a test kills. Waits for a word before it begins.
const [url = "", object = ""] = process.argv.slice(2)
const change = indexOn("customer_id", { object, sql: `CREATE INDEX ${object} ON public.orders (customer_id)` })
// What a process does once only is done before, so that most of the time in which it may be killed is work.
await readChange(change)
await (await connectTo(url)("control"))[Symbol.asyncDispose]()
process.stdout.write("ready\n")
await once(process.stdin, "data")
await asOnlyRun(runSettings(url), async (run) => {
  const { entries } = await applyChanges(run, [change], 1, () => object)
  for (const entry of entries) await undo(run, entry, "Asked for.")
})
process.exit(0)
