import { createHash } from "node:crypto"
import OpenAI, { AuthenticationError } from "openai"
import { describe, expect, test } from "vitest"
import type { ErrorBody } from "../../contract/error-code.ts"
import type { StatusResponse } from "../../contract/status.ts"
import type { StartGateway } from "../world.ts"
import { startWorld } from "../world.ts"
import { dataUrl, freshQuestion, postJson } from "./client.ts"

const sha256 = (key: string): string => createHash("sha256").update(key).digest("hex")

/** What settings do to a gateway, on whatever runtime. */
export const settingsSuite = (start: StartGateway): void => {
  describe("with API keys", () => {
    test("serves their owners, each their own cache, and nobody else", { timeout: 60_000 }, async () => {
      const keys = [
        { sha256: sha256("vg_acme"), tenant: "acme" },
        { sha256: sha256("vg_other"), tenant: "other", providers: ["google"], queryTypes: ["ocr"] },
      ]
      const world = await startWorld(start, { VOLTGATE_KEYS: JSON.stringify(keys) })
      try {
        const body = { query: freshQuestion(), queryType: "ocr", images: [await dataUrl("nameplate.webp")] }
        const ask = (key?: string, changes = {}) =>
          postJson<ErrorBody>(
            `${world.url}/v1/analyze`,
            { ...body, ...changes },
            key === undefined ? {} : { authorization: `Bearer ${key}` },
          )
        const nobody = await ask()
        expect([nobody.status, nobody.body.error.code]).toEqual([401, "invalid_key"])
        const stranger = await ask("vg_stranger")
        expect([stranger.status, stranger.body.error.code]).toEqual([401, "invalid_key"])
        expect(JSON.stringify(stranger.body)).not.toContain("vg_stranger")

        // A new isolate's first call to the store can take longer than the store's deadline.
        const known = async () =>
          (await ask("vg_acme", { query: freshQuestion() })).headers.get("x-voltgate-cache") !== "bypass"
        await expect.poll(known, { timeout: 10_000 }).toBe(true)
        expect((await ask("vg_acme", { providers: ["google"] })).headers.get("x-voltgate-cache")).toBe("miss")
        expect((await ask("vg_acme", { providers: ["google"] })).headers.get("x-voltgate-cache")).toBe("hit")
        const other = await ask("vg_other")
        expect(other.headers.get("x-voltgate-cache")).toBe("miss")
        expect(other.headers.get("x-voltgate-provider")).toBe("google")

        const wrongType = await ask("vg_other", { queryType: "count" })
        expect([wrongType.status, wrongType.body.error.code]).toEqual([403, "not_allowed"])
        const wrongProvider = await ask("vg_other", { model: "openai/gpt-4o" })
        expect([wrongProvider.status, wrongProvider.body.error.code]).toEqual([403, "not_allowed"])

        const status = await fetch(`${world.url}/v1/status`)
        expect(status.status).toBe(401)
        const others = await fetch(`${world.url}/v1/status`, { headers: { authorization: "Bearer vg_other" } })
        expect(((await others.json()) as StatusResponse).providers.map(({ provider }) => provider)).toEqual(["google"])

        const client = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: "vg_stranger", maxRetries: 0 })
        await expect(client.models.list()).rejects.toBeInstanceOf(AuthenticationError)
      } finally {
        await world.stop()
      }
    })
  })
}
