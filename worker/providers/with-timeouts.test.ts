import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { collect } from "./fake-upstream.suite.ts"
import { ProviderFailure } from "./provider.ts"
import type { AnswerEvent } from "./provider.ts"
import { withTimeouts } from "./with-timeouts.ts"

const limits = { firstByteMs: 1000, idleMs: 200, totalMs: 5000 }
const word = (text: string): AnswerEvent => ({ type: "text", text })
const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

/** Says a word after each of these pauses. */
const speaking = (...pausesMs: readonly number[]) =>
  async function* (): AsyncGenerator<AnswerEvent> {
    for (const pauseMs of pausesMs) {
      await wait(pauseMs)
      yield word(`after ${pauseMs}`)
    }
  }

/** Says these words, then never settles again, whatever is asked of it; notes the signal that it was given. */
const deaf = (...words: readonly string[]) => {
  const signals: AbortSignal[] = []
  let returned = 0
  const ask = (signal: AbortSignal): AsyncIterable<AnswerEvent> => {
    signals.push(signal)
    const rest = words.map(word)
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const value = rest.shift()
          return value === undefined ? new Promise(() => undefined) : Promise.resolve({ done: false, value })
        },
        return: () => {
          returned += 1
          return new Promise(() => undefined)
        },
      }),
    }
  }
  return { ask, signals, returned: () => returned }
}

const outcome = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => value,
    (error: unknown) => error,
  )

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  const left = vi.getTimerCount()
  vi.useRealTimers()
  if (left > 0) throw new Error(`${left} timers were left running.`)
})

describe("an answer with timeouts", () => {
  test("passes on what comes in time, and leaves no timer", async () => {
    const answer = collect(withTimeouts(speaking(999, 199, 199), limits, new AbortController().signal))

    await vi.advanceTimersByTimeAsync(1397)

    expect(await answer).toEqual([word("after 999"), word("after 199"), word("after 199")])
  })

  test.each([
    ["first_byte_timeout", [], 1000],
    ["idle_timeout", ["The"], 200],
  ])("fails with %s, though the provider never settles, and stops it", async (kind, words, afterMs) => {
    const provider = deaf(...words)
    const failure = outcome(collect(withTimeouts(provider.ask, limits, new AbortController().signal)))

    await vi.advanceTimersByTimeAsync(afterMs - 1)
    expect(provider.signals[0]?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)

    expect(await failure).toMatchObject({ kind })
    expect(provider.signals[0]?.reason).toBe(await failure)
  })

  test("fails with total_timeout while words still come", async () => {
    const pauses = Array.from({ length: 60 }, () => 100)
    const failure = outcome(collect(withTimeouts(speaking(...pauses), limits, new AbortController().signal)))

    await vi.advanceTimersByTimeAsync(5000)

    expect(await failure).toMatchObject({ kind: "total_timeout", message: "The answer was not complete within 5 s." })
    await vi.advanceTimersByTimeAsync(100)
  })

  test("does not count the time in which nobody asked for the next word", async () => {
    const events = withTimeouts(speaking(10, 10), limits, new AbortController().signal)[Symbol.asyncIterator]()
    const first = events.next()
    await vi.advanceTimersByTimeAsync(10)
    await first

    await vi.advanceTimersByTimeAsync(1000)
    const second = events.next()
    await vi.advanceTimersByTimeAsync(10)

    expect(await second).toEqual({ done: false, value: word("after 10") })
    await events.return?.()
  })

  test("tells the total timeout to the next who asks", async () => {
    const events = withTimeouts(deaf("The", "end").ask, limits, new AbortController().signal)[Symbol.asyncIterator]()
    await events.next()

    await vi.advanceTimersByTimeAsync(5000)

    await expect(events.next()).rejects.toMatchObject({ kind: "total_timeout" })
    await expect(events.next()).rejects.toMatchObject({ kind: "total_timeout" })
  })

  test("fails with client_left at once when the outer signal fires, and stops the provider", async () => {
    const client = new AbortController()
    const provider = deaf("The")
    const failure = outcome(collect(withTimeouts(provider.ask, limits, client.signal)))
    await vi.advanceTimersByTimeAsync(1)

    client.abort()

    expect(await failure).toMatchObject({ kind: "client_left" })
    expect(provider.signals[0]?.aborted).toBe(true)
  })

  test("passes on the failure that the outer signal was given", async () => {
    const outer = new AbortController()
    const reason = new ProviderFailure("total_timeout", "Another was faster.")
    const failure = outcome(collect(withTimeouts(deaf().ask, limits, outer.signal)))

    outer.abort(reason)

    expect(await failure).toBe(reason)
  })

  test("asks nobody when the client has left before", async () => {
    const provider = deaf("The")

    const failure = await outcome(collect(withTimeouts(provider.ask, limits, AbortSignal.abort())))

    expect(failure).toMatchObject({ kind: "client_left" })
    expect(provider.signals).toHaveLength(0)
  })

  test("stops the provider when its reader has enough, without waiting for it", async () => {
    const provider = deaf("The", "end")

    for await (const event of withTimeouts(provider.ask, limits, new AbortController().signal)) {
      if (event.type === "text") break
    }

    expect(provider.signals[0]?.aborted).toBe(true)
    expect(provider.returned()).toBe(1)
  })

  test("ends a step that is waiting when its reader leaves", async () => {
    const events = withTimeouts(deaf().ask, limits, new AbortController().signal)[Symbol.asyncIterator]()
    const step = events.next()

    await events.return?.()

    expect(await step).toEqual({ done: true, value: undefined })
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  test("passes on a provider's own failure", async () => {
    const failure = new ProviderFailure("overloaded", "Busy.")
    async function* fails(): AsyncGenerator<AnswerEvent> {
      yield word("The")
      throw failure
    }

    expect(await outcome(collect(withTimeouts(fails, limits, new AbortController().signal)))).toBe(failure)
  })

  test("leaves no timer when the provider cannot even be asked", async () => {
    const broken = (): AsyncIterable<AnswerEvent> => {
      throw new Error("Broken.")
    }

    expect(await outcome(collect(withTimeouts(broken, limits, new AbortController().signal)))).toMatchObject({
      message: "Broken.",
    })
  })

  test("lets go of the outer signal in the end", async () => {
    const client = new AbortController()
    const removed = vi.spyOn(client.signal, "removeEventListener")

    const answer = collect(withTimeouts(speaking(1), limits, client.signal))
    await vi.advanceTimersByTimeAsync(1)
    await answer

    expect(removed).toHaveBeenCalledWith("abort", expect.any(Function))
  })
})
