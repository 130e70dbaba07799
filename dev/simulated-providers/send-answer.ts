import { once } from "node:events"
import { composeAnswer, piecesOf } from "./answer.ts"
import { type Exchange, record, replyHeaders, untilLeft } from "./exchange.ts"
import { dripMs, slowFactor } from "./faults.ts"
import { drawPace, type Pace } from "./latency.ts"
import { seededRandom } from "./seeded.ts"
import type { Answer, Asked } from "./wire.ts"

/** How far an answer came: to its last bytes, which are still to be sent, to the fault's break, or until the caller left. */
type Sent = { readonly last: Buffer | string } | "broken" | "left"

const paceOf = ({ world, format, fault }: Exchange, answer: Answer): Pace => {
  const drawn = drawPace(format.wire, answer.inputTokens, seededRandom(`${answer.seed} pace`))
  const factor = world.speed * (fault === "slow" ? slowFactor : 1)
  return { firstTokenMs: drawn.firstTokenMs * factor, perTokenMs: drawn.perTokenMs * factor }
}

const saying = ({ world, format }: Exchange): { readonly says?: string } => {
  const { answer } = world.control(format.wire)
  return answer === undefined ? {} : { says: answer }
}

const waitOf = ({ fault }: Exchange, ms: number): number => (fault === "drip" ? Math.max(dripMs, ms) : ms)

const breaks = ({ fault }: Exchange): boolean => fault === "cut" || fault === "stall"

const sendWhole = async (exchange: Exchange, answer: Answer, pace: Pace): Promise<Sent> => {
  const { world, format, response, left } = exchange
  const thinkingMs = pace.firstTokenMs + answer.outputTokens * pace.perTokenMs
  await world.wait(thinkingMs, left)
  if (left.aborted) return "left"
  const body = Buffer.from(JSON.stringify(format.whole(answer)))
  response.writeHead(200, {
    ...replyHeaders(exchange, answer.inputTokens, thinkingMs),
    "content-type": "application/json; charset=utf-8",
    "content-length": body.length,
  })
  if (!breaks(exchange)) return { last: body }
  await new Promise((resolve) => response.write(body.subarray(0, body.length / 2), resolve))
  return "broken"
}

const sendStream = async (exchange: Exchange, answer: Answer, pace: Pace, sse: boolean): Promise<Sent> => {
  const { world, format, response, left } = exchange
  const { afterTokens } = world.control(format.wire)
  const frames = format.frames(answer, piecesOf(answer.text), sse)
  let sentTokens = 0
  for (const [index, frame] of frames.entries()) {
    if (breaks(exchange) && sentTokens >= afterTokens && frame.tokens > 0) return "broken"
    await world.wait(waitOf(exchange, index === 0 ? pace.firstTokenMs : frame.tokens * pace.perTokenMs), left)
    if (left.aborted) return "left"
    if (index === 0) {
      response.writeHead(200, {
        ...replyHeaders(exchange, answer.inputTokens, pace.firstTokenMs),
        "content-type": sse ? "text/event-stream; charset=utf-8" : "application/json; charset=utf-8",
        "cache-control": "no-cache",
      })
    }
    if (index === frames.length - 1) return breaks(exchange) ? "broken" : { last: frame.data }
    if (!response.write(frame.data)) await Promise.race([once(response, "drain"), untilLeft(exchange)])
    sentTokens += frame.tokens
  }
  return "broken"
}

/** Sends the answer to a question at its pace, breaking off or falling silent where the fault says so. */
export const sendAnswer = async (exchange: Exchange, asked: Asked, sse: boolean): Promise<void> => {
  const { world, format, response, fault, startedAt } = exchange
  const answer = composeAnswer(format.wire, asked, { seed: world.seed, at: startedAt, ...saying(exchange) })
  const pace = paceOf(exchange, answer)
  const sent = asked.stream ? await sendStream(exchange, answer, pace, sse) : await sendWhole(exchange, answer, pace)
  if (sent === "left") return record(exchange, "unfinished", asked, answer)
  if (sent === "broken") {
    if (fault === "stall") await untilLeft(exchange)
    record(exchange, "failed", asked, answer)
    response.destroy()
    return undefined
  }
  record(exchange, "answered", asked, answer)
  response.end(sent.last)
  return undefined
}
