import { createHmac } from "node:crypto"
import type { Channel, ChannelPorts } from "./channel.ts"
import { post } from "./channel.ts"
import type { Notice } from "./notice.ts"

/**
 * A webhook with a signature by which the receiver knows the sender and the moment (Standard Webhooks, version 1):
 * `webhook-signature: v1,base64(HMAC-SHA256(secret, "id.timestamp.body"))`.
 */
export const createSignedWebhook = (
  url: string,
  secret: Uint8Array,
  { now, ...ports }: ChannelPorts & { readonly now: () => number },
): Channel => ({
  name: "webhook",
  send: (notice) => {
    const body = JSON.stringify({ type: `voltgate.${notice.severity}`, timestamp: notice.at, data: notice })
    return post(url, body, signatureHeaders(notice, body, secret, now()), ports)
  },
})

const signatureHeaders = (
  { id }: Pick<Notice, "id">,
  body: string,
  secret: Uint8Array,
  nowMs: number,
): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(nowMs / 1_000))
  const signature = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64")
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` }
}
