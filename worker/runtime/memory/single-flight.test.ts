import { singleFlightSuite } from "../../ports/single-flight.suite.ts"
import { createMemorySingleFlight } from "./single-flight.ts"

singleFlightSuite("memory", (isolates) => {
  // All requests of a process share one.
  const flights = createMemorySingleFlight({ now: Date.now })
  return Array.from({ length: isolates }, () => flights)
})
