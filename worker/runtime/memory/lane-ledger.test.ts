import { laneLedgerSuite } from "../../ports/lane-ledger.suite.ts"
import { createMemoryLaneLedger } from "./lane-ledger.ts"

laneLedgerSuite("memory", () => createMemoryLaneLedger({ now: Date.now, delta: 0.02 }))
