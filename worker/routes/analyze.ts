import type { AnalyzeResponse, AnalyzeStreamEvent } from "../../contract/analyze.ts"
import type { Gateway } from "../gateway.ts"
import { admit } from "../pipeline/admit.ts"
import { analyze } from "../pipeline/analyze.ts"
import { plan } from "../pipeline/plan.ts"
import { readAnalyzeRequest } from "../pipeline/read-analyze-request.ts"
import type { Analysis, AnalysisEvent, Question } from "../pipeline/stages.ts"
import type { RequestContext } from "../request-context.ts"
import { headHeaders, wholeHeaders } from "./analysis-headers.ts"
import { brokenOff, errorBody } from "./error-response.ts"
import { eventStream } from "./event-stream.ts"

/** `POST /v1/analyze`: the answer with its record; as server-sent events where the request says `stream: true`. */
export const postAnalyze = async (context: RequestContext, gateway: Gateway): Promise<Response> => {
  const question = await readQuestion(context, gateway)
  const analysis = await analyze(question, gateway)
  if (question.stream) return streamed(analysis)
  const response = await wholeResponse(analysis.events)
  return Response.json(response, { headers: wholeHeaders(analysis.head, response) })
}

/** `POST /v1/optimize`: what `analyze` would do with the same body. */
export const postOptimize = async (context: RequestContext, gateway: Gateway): Promise<Response> =>
  Response.json(await plan(await readQuestion(context, gateway), gateway), {
    headers: { "x-voltgate-request-id": context.id },
  })

const readQuestion = async (context: RequestContext, gateway: Gateway): Promise<Question> => {
  const { request, watch } = context
  const read = await watch.time("read", () => readAnalyzeRequest(request, gateway.settings.maxBodyBytes))
  return admit({ ...read, ...context, headers: request.headers, signal: request.signal }, gateway)
}

/** Drains the events up to the last one, which holds the whole answer. */
export const wholeResponse = async (events: AsyncIterable<AnalysisEvent>): Promise<AnalyzeResponse> => {
  for await (const event of events) if (event.type === "done") return event.response
  throw new Error("An analysis ended without its response.")
}

const streamed = ({ head, events }: Analysis): Response =>
  eventStream(
    toEvents(events),
    (error) => serialize({ event: "error", data: errorBody(brokenOff(error), head.id) }),
    headHeaders(head),
  )

async function* toEvents(events: AsyncIterable<AnalysisEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    yield event.type === "text"
      ? serialize({ event: "delta", data: { text: event.text } })
      : serialize({ event: "done", data: event.response })
  }
}

const serialize = ({ event, data }: AnalyzeStreamEvent): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
