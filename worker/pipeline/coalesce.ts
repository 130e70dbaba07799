import type { EmptyLanding, SharedAnswer } from "../../contract/flight.ts"
import { longestSharedAnswer } from "../../contract/flight.ts"
import type { AnalyzeResponse } from "../../contract/analyze.ts"
import { keptMs } from "../cache/flight/flight.ts"
import { mayBeCached } from "../cache/may-be-cached.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import type { Lead, Seat } from "../ports/single-flight.ts"
import { ProviderFailure } from "../providers/provider.ts"
import { answerFromLeader } from "./answer-from-leader.ts"
import type { Analysis, AnalysisEvent, Miss, Question } from "./stages.ts"

/**
 * Asks, unless somebody asks the very same at this moment: then it waits for that answer, and asks only if none comes.
 * An answer is passed on whole, not as it comes: a part cannot be taken back when its leader fails, and one call to the
 * object costs less than one for each piece.
 */
export const coalesce = async (
  miss: Miss,
  ask: (miss: Miss) => Promise<Analysis>,
  gateway: Pick<Gateway, "ports" | "settings">,
): Promise<Analysis> => {
  const { flightKey, question } = miss
  const { flights } = gateway.ports
  if (flights === undefined || flightKey === undefined || !mayShare(question)) return ask(miss)
  const { signal, watch } = question
  const seat = await watch.time("flight", () =>
    flights.join(flightKey, { longestWaitMs: gateway.settings.timeouts.totalMs, signal }).catch(clientLeft),
  )
  switch (seat.role) {
    case "answered":
      return answerFromLeader(miss, seat.answer, gateway)
    case "alone":
      return ask({ ...miss, cache: { reason: seat.reason, ...miss.cache } })
    case "lead":
      return leading(seat.lead, () => ask(miss), gateway)
  }
}

/** Who asks for a fresh answer gets one of their own; an answer that has just landed is a few seconds old. */
const mayShare = ({ cacheWishes: { read, write, maxAgeS } }: Question): boolean =>
  read && write && (maxAgeS === undefined || maxAgeS * 1000 >= keptMs)

const clientLeft = (cause: unknown): Seat => {
  throw new GatewayError("client_closed_request", "The client left before the answer came.", { cause })
}

/** Whatever becomes of the leader's own answer, those who wait hear of it. */
const leading = async (
  lead: Lead,
  ask: () => Promise<Analysis>,
  { ports }: Pick<Gateway, "ports">,
): Promise<Analysis> => {
  const end = (landing: Promise<void>): void => ports.background(landing)
  try {
    const { head, events } = await ask()
    return { head, events: landingAtEnd(events, lead, end) }
  } catch (error) {
    end(lead.landEmpty(whyEmpty(error)))
    throw error
  }
}

async function* landingAtEnd(
  events: AsyncIterable<AnalysisEvent>,
  lead: Lead,
  end: (landing: Promise<void>) => void,
): AsyncGenerator<AnalysisEvent> {
  try {
    for await (const event of events) {
      if (event.type === "done") end(landed(lead, event.response))
      yield event
    }
  } catch (error) {
    end(lead.landEmpty(whyEmpty(error)))
    throw error
  } finally {
    // Counts only if nothing else was said: the client left in the middle.
    end(lead.landEmpty("left"))
  }
}

const landed = (lead: Lead, response: AnalyzeResponse): Promise<void> => {
  const { answer, provider, model, finishReason, usage, record } = response
  const mayBeShared = mayBeCached({ answer, finishReason, agreed: record.routing.consensus?.agreed })
  if (!mayBeShared || answer.length > longestSharedAnswer) return lead.landEmpty("not_shareable")
  const { cost, time } = record
  const shared: SharedAnswer = {
    answer,
    provider,
    model,
    finishReason,
    usage,
    costUsd: cost.usd,
    imageTokens: cost.imageTokens,
    estimatedMs: time.estimatedMs,
  }
  return lead.land(shared)
}

const whyEmpty = (error: unknown): EmptyLanding => {
  const left =
    (error instanceof GatewayError && error.code === "client_closed_request") ||
    (error instanceof ProviderFailure && error.kind === "client_left")
  return left ? "left" : "failed"
}
