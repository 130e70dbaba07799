import { createHmac } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, describe, expect, test } from "vitest"
import { deliver } from "./deliver.ts"
import type { Notice } from "./notice.ts"
import { afterAttempt, dueEntries, emptyOutbox, enqueue } from "./outbox.ts"
import { readChannels } from "./read-channels.ts"
import { toSlack } from "./slack.ts"

const nowMs = 1_800_000_000_000
const notice = (id: string, given: Partial<Notice> = {}): Notice => ({
  id,
  at: new Date(nowMs).toISOString(),
  severity: "info",
  subject: "deployment default/web",
  title: "web: 4 → 6 replicas",
  body: "90 against a target of 70.",
  ...given,
})

interface Got {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}
const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

/** A receiver that answers as told, or never. */
const receiver = async (status: number | "never"): Promise<{ readonly url: string; readonly got: Got[] }> => {
  const got: Got[] = []
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk) => (body += String(chunk)))
    request.on("end", () => {
      got.push({ headers: request.headers, body })
      if (status !== "never") response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got }
}
const ports = { fetch, deadlineMs: 300, now: () => nowMs }

describe("the outbox", () => {
  test("joins what waits about one subject, and keeps other subjects apart", () => {
    const one = enqueue(emptyOutbox, notice("1"), ["slack"], nowMs)
    const two = enqueue(one, notice("2", { title: "web: 6 → 9 replicas" }), ["slack"], nowMs)
    const three = enqueue(two, notice("3", { subject: "deployment default/api" }), ["slack"], nowMs)
    expect(three.entries.map((entry) => [entry.notice.id, entry.notice.title])).toEqual([
      ["1", "web: 4 → 6 replicas; web: 6 → 9 replicas"],
      ["3", "web: 4 → 6 replicas"],
    ])
  })
  test("tries ever more seldom, only what failed, and gives up after twelve attempts", () => {
    let outbox = enqueue(emptyOutbox, notice("1"), ["slack", "webhook"], nowMs)
    const pauses: number[] = []
    for (let i = 0; i < 12; i++) {
      outbox = afterAttempt(outbox, "1", ["webhook"], nowMs)
      pauses.push(...outbox.entries.map(({ dueAtMs }) => (dueAtMs - nowMs) / 1_000))
      expect(outbox.entries.every(({ channels }) => channels.join() === "webhook")).toBe(true)
    }
    expect(pauses.slice(0, 4)).toEqual([5, 15, 45, 135])
    expect(Math.max(...pauses)).toBe(3_600)
    expect(outbox).toEqual({ entries: [], dropped: 1 })
  })
  test("never grows beyond a hundred, and counts what it lets go", () => {
    let outbox = emptyOutbox
    for (let i = 0; i < 130; i++)
      outbox = enqueue(outbox, notice(String(i), { subject: `deployment ${i}` }), ["slack"], nowMs)
    expect([outbox.entries.length, outbox.dropped, outbox.entries[0]?.notice.id]).toEqual([100, 30, "30"])
  })
  test("keeps nothing where nobody is to be told", () => {
    expect(enqueue(emptyOutbox, notice("1"), [], nowMs)).toEqual(emptyOutbox)
  })
})

describe("delivery", () => {
  test("a signed webhook can be verified by its headers and body alone", async () => {
    const { url, got } = await receiver(204)
    const secret = Buffer.from("0123456789abcdef0123456789abcdef")
    const channels = readChannels(
      { VOLTGATE_WEBHOOK_URL: url, VOLTGATE_WEBHOOK_SECRET: `whsec_${secret.toString("base64")}` },
      ports,
    )
    expect(await deliver(enqueue(emptyOutbox, notice("n1"), ["webhook"], nowMs), channels, nowMs)).toEqual(emptyOutbox)
    const [{ headers, body }] = got as [Got]
    const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`
    expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", secret).update(signed).digest("base64")}`)
    expect(headers["webhook-id"]).toBe("n1")
    expect(JSON.parse(body)).toMatchObject({ type: "voltgate.info", data: { title: "web: 4 → 6 replicas" } })
  })
  test("a receiver that refuses or never answers is tried again later, and the other gets it once", async () => {
    const [slow, good] = [await receiver("never"), await receiver(200)]
    const environment = {
      VOLTGATE_SLACK_WEBHOOK_URL: slow.url,
      VOLTGATE_WEBHOOK_URL: good.url,
      VOLTGATE_WEBHOOK_SECRET: "a secret of some length",
    }
    const channels = readChannels(environment, ports)
    const left = await deliver(enqueue(emptyOutbox, notice("1"), ["slack", "webhook"], nowMs), channels, nowMs)
    expect(left.entries).toMatchObject([{ channels: ["slack"], attempts: 1 }])
    expect(dueEntries(left, nowMs + 4_000)).toEqual([])
    await deliver(left, channels, nowMs + 6_000)
    expect([slow.got.length, good.got.length]).toEqual([2, 1])
  })
  test("a redirect is not followed", async () => {
    const target = await receiver(302)
    const channels = readChannels({ VOLTGATE_SLACK_WEBHOOK_URL: target.url }, ports)
    const left = await deliver(enqueue(emptyOutbox, notice("1"), ["slack"], nowMs), channels, nowMs)
    expect(left.entries).toHaveLength(1)
  })
})

test("what Slack would take for markup is shown as it is, and cut to what it takes", () => {
  const shown = JSON.stringify(toSlack(notice("1", { title: "<!channel> & more", body: "x".repeat(5_000) })))
  expect(shown).toContain("&lt;!channel&gt; &amp; more")
  expect(shown.length).toBeLessThan(3_300)
})

test.each([
  [
    { VOLTGATE_SLACK_WEBHOOK_URL: "http://hooks.example.com/T0/B0/secret" },
    "VOLTGATE_SLACK_WEBHOOK_URL must be an https",
  ],
  [{ VOLTGATE_WEBHOOK_URL: "https://example.com/hook" }, "needs VOLTGATE_WEBHOOK_SECRET"],
  [{ VOLTGATE_WEBHOOK_URL: "https://example.com/hook", VOLTGATE_WEBHOOK_SECRET: "short" }, "16 bytes or more"],
])("settings of no use are told, and not repeated: %j", (environment, said) => {
  const message = (() => {
    try {
      readChannels(environment, ports)
      return ""
    } catch (error) {
      return (error as Error).message
    }
  })()
  expect(message).toContain(said)
  expect(message).not.toMatch(/secret$|short/)
})
