import { setTimeout } from "node:timers/promises"
import { analyzeBodies, chatBodies, chatPath, everNew, repeating } from "./requests.ts"
import { askOnce } from "./load.ts"

/**
 * The photo comes last: while one is decoded, the isolate does nothing else for longer than the cache waits for its
 * store, and then the cache rests.
 */
export const payloads = ["text", "picture", "stream", "photo"] as const
export type Payload = (typeof payloads)[number]

export type VariantName = "raw proxy" | "least relay" | "pass-through" | "full path, miss" | "full path, hit"

/** One way through workerd, and what it is asked. */
export interface Variant {
  readonly name: VariantName
  readonly process: "raw" | "least" | "relaying" | "analyzing"
  readonly requests: Readonly<Partial<Record<Payload, () => Buffer>>>
  /** Holds of an answer's head if the variant did what its name says. */
  readonly asNamed: RegExp
  /** The store answers one request after the other; beyond this it takes longer than the cache waits, and is left alone. */
  readonly mostConnections: number
}

const cacheSays = (state: string): RegExp =>
  new RegExp(`^HTTP/1.1 200[^]*\\r\\nx-voltgate-cache: *${state}(\\r|$)`, "i")

const chatRequests = {
  text: repeating(chatPath, chatBodies.text),
  picture: repeating(chatPath, chatBodies.picture),
  stream: repeating(chatPath, chatBodies.stream),
}

export const variants: readonly Variant[] = [
  {
    name: "raw proxy",
    process: "raw",
    requests: { ...chatRequests, photo: repeating(chatPath, chatBodies.photo) },
    asNamed: /^HTTP\/1.1 200/,
    mostConnections: 128,
  },
  {
    name: "least relay",
    process: "least",
    requests: chatRequests,
    asNamed: cacheSays("bypass"),
    mostConnections: 128,
  },
  {
    name: "pass-through",
    process: "relaying",
    requests: chatRequests,
    asNamed: cacheSays("bypass"),
    mostConnections: 128,
  },
  {
    name: "full path, miss",
    process: "analyzing",
    requests: {
      text: everNew("/v1/analyze", analyzeBodies.small),
      photo: everNew("/v1/analyze", analyzeBodies.photo),
      stream: everNew("/v1/analyze", analyzeBodies.stream),
    },
    asNamed: cacheSays("miss"),
    mostConnections: 32,
  },
  {
    name: "full path, hit",
    process: "analyzing",
    requests: { text: repeating("/v1/analyze", analyzeBodies.small) },
    asNamed: cacheSays("hit"),
    mostConnections: 32,
  },
]

const patienceMs = 10_000
const pauseMs = 100

/** Rejects unless the variant answers a payload in the way that its name says; a hit needs a first time, and a store that rests needs a pause. */
export const check = async ({ name, asNamed, requests }: Variant, payload: Payload, port: number): Promise<void> => {
  const request = requests[payload]
  if (request === undefined) return
  for (const endsAt = performance.now() + patienceMs; ; await setTimeout(pauseMs)) {
    const { head, excerpt } = await askOnce(port, request())
    if (asNamed.test(head)) return
    if (performance.now() > endsAt) {
      throw new Error(`"${name}" answered the ${payload} in another way than it should:\n${head}\n\n${excerpt}`)
    }
  }
}
