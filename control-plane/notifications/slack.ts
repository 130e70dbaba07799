import type { Channel, ChannelPorts } from "./channel.ts"
import { post } from "./channel.ts"
import type { Notice } from "./notice.ts"

/** What Slack takes in a section (API reference, "Section block"). */
const mostCharacters = 3_000
const marks = { info: "ℹ️", warning: "⚠️", critical: "🚨" } as const

/** A Slack incoming webhook, or anything that takes the same. */
export const createSlackChannel = (url: string, ports: ChannelPorts): Channel => ({
  name: "slack",
  send: (notice) => post(url, JSON.stringify(toSlack(notice)), {}, ports),
})

export const toSlack = ({ severity, title, subject, body }: Notice): object => {
  const head = `${marks[severity]} *${escape(title)}*\n_${escape(subject)}_`
  const text = `${head}\n${escape(body)}`
  const shown = text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 2)} …`
  return {
    // What notifications and clients without blocks show.
    text: `${marks[severity]} ${escape(title)}`,
    blocks: [{ type: "section", text: { type: "mrkdwn", text: shown } }],
  }
}

/** Only these three are control characters in Slack's mrkdwn (API reference, "Escaping text"). */
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
