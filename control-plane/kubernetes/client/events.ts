import type { Send } from "./send.ts"
import type { TargetRef } from "./scale.ts"
import { toMicroTime } from "./micro-time.ts"

export interface EventToWrite {
  readonly target: TargetRef
  readonly uid: string
  /** In UpperCamelCase, e.g. `ScaledUp`. */
  readonly reason: string
  readonly note: string
  readonly type: "Normal" | "Warning"
  readonly atMs: number
  readonly instance: string
}

/** What the server takes at most. */
const mostCharacters = 1_024

/** Writes an Event about a deployment (events.k8s.io/v1), which `kubectl describe` shows. */
export const createEvent = async (send: Send, event: EventToWrite): Promise<void> => {
  const { namespace, deployment } = event.target
  await send({
    method: "POST",
    path: `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/events`,
    body: {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: `${deployment}.${event.atMs.toString(16)}.${event.reason.toLowerCase()}`, namespace },
      eventTime: toMicroTime(event.atMs),
      reportingController: "voltgate.dev/scale",
      reportingInstance: event.instance,
      action: "Scale",
      reason: event.reason,
      type: event.type,
      note: event.note.length <= mostCharacters ? event.note : `${event.note.slice(0, mostCharacters - 2)} …`,
      regarding: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: deployment,
        namespace,
        ...(event.uid === "" ? {} : { uid: event.uid }),
      },
    },
  })
}
