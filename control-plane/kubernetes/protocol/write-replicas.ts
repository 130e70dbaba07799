import { KubeError } from "../client/kube-error.ts"
import { getScale, putScale } from "../client/scale.ts"
import type { Scale, TargetRef } from "../client/scale.ts"
import type { Send } from "../client/send.ts"
import type { Outcome } from "./history-entry.ts"

/** What the write came to. */
export type Written = Extract<Outcome, { kind: "written" | "overtaken" | "failed" }>

/**
 * Writes the count on the condition that the deployment is as it was seen, and reads it back. A version that moved while the
 * count stayed (a new image, a label) is tried once more; a count that moved is somebody else's decision, and is left.
 */
export const writeReplicas = async (send: Send, target: TargetRef, seen: Scale, replicas: number): Promise<Written> => {
  try {
    await put(send, target, seen, replicas)
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    if (error.code === "conflict") return overtaken(send, target, seen)
    const isKnown =
      error.code === "forbidden" ||
      error.code === "invalid" ||
      error.code === "unauthorized" ||
      error.code === "not-found"
    if (isKnown) return { kind: "failed", reason: error.message }
    // No answer, or one of a server in trouble: what was asked may have been done.
    return readBack(send, target, replicas, error.message)
  }
  return readBack(send, target, replicas, undefined)
}

const put = async (send: Send, target: TargetRef, seen: Scale, replicas: number): Promise<void> => {
  try {
    await putScale(send, target, { replicas, resourceVersion: seen.resourceVersion })
  } catch (error) {
    if (!(error instanceof KubeError) || error.code !== "conflict") throw error
    const now = await getScale(send, target)
    if (now.replicas !== seen.replicas || now.resourceVersion === seen.resourceVersion) throw error
    await putScale(send, target, { replicas, resourceVersion: now.resourceVersion })
  }
}

const overtaken = async (send: Send, target: TargetRef, seen: Scale): Promise<Written> => {
  const now = await tryRead(send, target)
  const reason =
    now === undefined || now === seen.replicas
      ? "The deployment was changed at the same time, more than once."
      : `Somebody else set ${now} replicas at the same time.`
  return { kind: "overtaken", reason }
}

const readBack = async (
  send: Send,
  target: TargetRef,
  wanted: number,
  trouble: string | undefined,
): Promise<Written> => {
  const now = await tryRead(send, target)
  if (now === wanted) return { kind: "written" }
  if (now === undefined) {
    return { kind: "failed", reason: `${trouble ?? "It was written."} It could not be read back.` }
  }
  return trouble === undefined
    ? { kind: "overtaken", reason: `It was written, and read back as ${now}: somebody else set it since.` }
    : { kind: "failed", reason: trouble }
}

const tryRead = async (send: Send, target: TargetRef): Promise<number | undefined> => {
  try {
    return (await getScale(send, target)).replicas
  } catch {
    return undefined
  }
}
