import { leastRequest, peakEwma, prequal } from "./policies/balancers.ts"
import { leastBusy, lowestLatency } from "./policies/litellm.ts"
import { oracle } from "./policies/oracle.ts"
import { published } from "./policies/published.ts"
import { voltgate } from "./policies/voltgate.ts"
import type { Policy } from "./policy.ts"

export const ours: Policy = voltgate("Voltgate, race", { hedges: true })

/** Those that know no more than a gateway can. */
export const others: readonly Policy[] = [published, leastBusy, lowestLatency, leastRequest, peakEwma, prequal]

export const policies: readonly Policy[] = [oracle, ...others, voltgate("Voltgate, single", { hedges: false }), ours]
