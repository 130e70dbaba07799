import { createHash } from "node:crypto"
import OpenAI, { AuthenticationError } from "openai"
import { describe, expect, test } from "vitest"
import type { ErrorBody } from "../../contract/error-code.ts"
import type { StatusResponse } from "../../contract/status.ts"
import type { ProvidersResponse } from "../../contract/providers.ts"
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
        { sha256: sha256("vg_admin"), tenant: "operations", admin: true },
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

        const feedback = (key: string, requestId: string) =>
          postJson<ErrorBody>(
            `${world.url}/v1/feedback`,
            { requestId, right: false },
            { authorization: `Bearer ${key}` },
          )
        const asked = await ask("vg_acme", { query: freshQuestion() })
        const id = asked.headers.get("x-voltgate-request-id") ?? ""
        const [theirs, nobodys] = [await feedback("vg_other", id), await feedback("vg_other", crypto.randomUUID())]
        expect([theirs.status, theirs.body.error.message]).toEqual([404, nobodys.body.error.message])
        expect((await feedback("vg_acme", id)).status).toBe(200)

        const drain = (key: string) =>
          postJson<ErrorBody>(
            `${world.url}/v1/providers`,
            { action: "drain", target: "google", forS: 1 },
            { authorization: `Bearer ${key}` },
          )
        const [byTenant, byAdmin] = [await drain("vg_acme"), await drain("vg_admin")]
        expect([byTenant.status, byTenant.body.error.code]).toEqual([403, "not_allowed"])
        expect(byTenant.body.error.message).toMatch(/voltgate key .*--admin/)
        expect(byAdmin.status).toBe(200)
        const listed = async (key: string): Promise<ProvidersResponse> => {
          const response = await fetch(`${world.url}/v1/providers`, { headers: { authorization: `Bearer ${key}` } })
          return (await response.json()) as ProvidersResponse
        }
        expect(await listed("vg_acme")).not.toHaveProperty("audit")
        const admin = `operations (key ${sha256("vg_admin").slice(0, 8)})`
        expect((await listed("vg_admin")).audit?.[0]).toMatchObject({ action: "drain", by: admin })

        const client = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: "vg_stranger", maxRetries: 0 })
        await expect(client.models.list()).rejects.toBeInstanceOf(AuthenticationError)
      } finally {
        await world.stop()
      }
    })
  })
}
