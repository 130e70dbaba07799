import { parsePolicies } from "../policies/parse-policies.ts"
import type { Policy } from "../policies/policy.ts"
import type { Bounds } from "./scaler.ts"

const signal = (unit: string) => ({
  from: "prometheus",
  url: "http://prometheus",
  query: unit,
  unit,
  fallback: { from: "prometheus", url: "http://second", query: unit, unit },
})

/** A budget of 1 % with everything else as it is by itself, and a second source for each signal. */
export const usualPolicy = ({ min, max }: Bounds, slots: number): Policy => {
  const entry = {
    name: "budget",
    deployment: "simulated",
    replicas: { min, max },
    budget: {
      rate: signal("count"),
      serviceTime: signal("ms"),
      lateShare: signal("percent"),
      inFlight: signal("count"),
      slots,
    },
    write: "act",
  }
  // JSON is YAML: the policy goes the way that every policy goes.
  const { policies, problems } = parsePolicies(JSON.stringify({ policies: [entry] }))
  const [policy] = policies ?? []
  if (policy === undefined) throw new Error(`The usual policy is broken: ${JSON.stringify(problems)}.`)
  return policy
}
