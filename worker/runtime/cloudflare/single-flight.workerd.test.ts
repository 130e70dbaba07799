import { env } from "cloudflare:workers"
import { beforeAll, describe, expect, test } from "vitest"
import { joining, leadOf, sharedAnswer, singleFlightSuite } from "../../ports/single-flight.suite.ts"
import { createCloudflareSingleFlight } from "./single-flight.ts"
import type { FlightNamespace } from "./single-flight.ts"

/** The first object loads the whole Worker, which takes longer than any deadline. */
beforeAll(async () => {
  await env.FLIGHTS.get(env.FLIGHTS.newUniqueId()).join()
}, 60_000)

singleFlightSuite("cloudflare, with the Durable Object", (isolates) =>
  Array.from({ length: isolates }, () =>
    createCloudflareSingleFlight(env.FLIGHTS, { now: Date.now, log: () => undefined }),
  ),
)

describe("an object that is away", () => {
  type Joining = ReturnType<FlightNamespace<string>["get"]>["join"]
  /** Answers each time one joins with the next of these. */
  const flightsWith = (...joins: readonly Joining[]) => {
    const lines: Readonly<Record<string, unknown>>[] = []
    let next = 0
    const join: Joining = () => (joins[next++] ?? away)()
    const namespace: FlightNamespace<string> = { idFromName: (name) => name, get: () => ({ join }) }
    return {
      lines,
      flights: createCloudflareSingleFlight(namespace, { now: Date.now, log: (line) => lines.push(line) }),
    }
  }
  const away: Joining = async () => {
    throw new Error("Network connection lost.")
  }
  const lost: Joining = async () => ({
    role: "wait",
    seat: { decided: away as never, leave: async () => undefined, [Symbol.dispose]: () => undefined },
  })
  const answered: Joining = async () => ({ role: "answered", answer: sharedAnswer() })

  test("sends the request on alone, with a reason in the record and one in the log", async () => {
    const { flights, lines } = flightsWith(away)
    expect(await joining(flights, "key")).toEqual({ role: "alone", reason: "flight_unavailable" })
    expect(lines).toEqual([{ message: "flight unavailable", error: "Error: Network connection lost." }])
  })

  test("is waited for two seconds, and no more by anyone once it has failed three times in a row", async () => {
    let joins = 0
    const silent: Joining = () => {
      joins++
      return new Promise(() => undefined)
    }
    const { flights, lines } = flightsWith(silent, silent, silent, silent)
    await Promise.all([1, 2, 3].map(() => joining(flights, "key")))
    expect(lines[0]).toMatchObject({ error: "Error: No answer within 2000 ms." })
    expect((await joining(flights, "key")).role).toBe("alone")
    expect(joins).toBe(3)
  })

  test("and is back after a restart finds those who waited joining anew", async () => {
    const { flights } = flightsWith(lost, answered)
    expect(await joining(flights, "key")).toEqual({ role: "answered", answer: sharedAnswer() })
  })

  test("gets back the lead that it gives to one who has left", async () => {
    const disposed: string[] = []
    const leaving = new AbortController()
    const late: Joining = async () => {
      leaving.abort(new Error("gone"))
      await new Promise((resolve) => setTimeout(resolve, 20))
      const done = async (): Promise<void> => undefined
      return {
        role: "lead",
        seat: { renew: done, land: done, landEmpty: done, [Symbol.dispose]: () => disposed.push("late") },
      }
    }
    const { flights } = flightsWith(late)
    await expect(joining(flights, "key", { signal: leaving.signal })).rejects.toThrow("gone")
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(disposed).toEqual(["late"])
  })

  test("cannot make a landing fail", async () => {
    const { flights } = flightsWith(async () => ({
      role: "lead",
      seat: { renew: away as never, land: away as never, landEmpty: away as never, [Symbol.dispose]: () => undefined },
    }))
    await expect(leadOf(await joining(flights, "key")).land(sharedAnswer())).resolves.toBeUndefined()
  })
})
