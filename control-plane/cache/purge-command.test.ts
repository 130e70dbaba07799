import { createHash } from "node:crypto"
import { describe, expect, onTestFinished, test } from "vitest"
import { sample } from "../../dev/samples.ts"
import { startLoopbackServer } from "../../test/loopback-server.ts"
import { voltgate } from "../testing.ts"

const key = "vg_the-key-of-acme"

interface Seen {
  readonly method: string | undefined
  readonly url: string
  readonly authorization: string | undefined
}

/** A gateway that answers this, and what it was asked. */
const play = async (status: number, body: unknown) => {
  const seen: Seen[] = []
  const server = await startLoopbackServer((request, response) => {
    const { method, url = "", headers } = request
    seen.push({ method, url, authorization: headers.authorization })
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
  })
  onTestFinished(() => server.close())
  const purge = (...args: readonly string[]) =>
    voltgate(["cache", "purge", ...args], { VOLTGATE_URL: server.url, VOLTGATE_KEY: key })
  return { purge, seen, url: server.url }
}

const purged = { id: "1", purged: [{ kind: "tag", value: "plant-7" }], everywhereWithinS: 30 }

test("asks the gateway with its key for all that is named, and says what was done", async () => {
  const { purge, seen } = await play(200, purged)
  const file = "dev/samples/nameplate.webp"
  const hash = createHash("sha256")
    .update(await sample("nameplate.webp"))
    .digest("hex")
  const ran = await purge("--tag", "plant-7,b c".replace(" ", "-"), "--query-type", "ocr", "--picture", file)
  expect(ran).toMatchObject({ exitCode: 0, stderr: "", stdout: "Purged tag plant-7; everywhere within 30 s.\n" })
  expect(seen).toEqual([
    {
      method: "DELETE",
      url: `/v1/cache?tag=plant-7&tag=b-c&queryType=ocr&picture=${hash}`,
      authorization: `Bearer ${key}`,
    },
  ])
})

test("purges everything where that is said, and prints JSON", async () => {
  const { purge, seen } = await play(200, { ...purged, purged: "all" })
  const { stdout } = await purge("--all", "--json")
  expect(JSON.parse(stdout)).toEqual({ purged: "all", everywhereWithinS: 30 })
  expect(seen[0]?.url).toBe("/v1/cache?all=true")
})

test("takes the hash of a picture in place of its file", async () => {
  const { purge, seen } = await play(200, purged)
  await purge("--picture", "AB".repeat(32), "--model", "openai/gpt-4o", "--prompt", "count@1")
  expect(seen[0]?.url).toBe(`/v1/cache?model=openai%2Fgpt-4o&prompt=count%401&picture=${"ab".repeat(32)}`)
})

describe("a gateway that does not purge", () => {
  test("is told in one sentence, with its own words and without the key", async () => {
    const { purge } = await play(401, { error: { code: "invalid_key", message: `This key (${key}) is not known.` } })
    const { exitCode, stdout } = await purge("--all")
    expect([exitCode, stdout]).toEqual([1, "Nothing was purged: This key (•••) is not known.\n"])
  })

  test("is told as JSON where that is asked", async () => {
    const { purge } = await play(503, { error: { code: "not_configured", message: "This gateway has no cache." } })
    const { exitCode, stdout } = await purge("--all", "--json")
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ error: "Nothing was purged: This gateway has no cache." })
  })

  test("may be something else altogether", async () => {
    const { purge, url } = await play(200, "hello")
    expect((await purge("--all")).stdout).toContain(`${url} answered with 200, and not as Voltgate does`)
  })

  test("may not be there", async () => {
    const { exitCode, stdout } = await voltgate(["cache", "purge", "--all", "--url", "http://127.0.0.1:1"])
    expect(exitCode).toBe(1)
    expect(stdout).toContain("gave no answer")
  })
})
