import { Hono } from "hono"
import { GatewayError } from "./errors.ts"
import { errorResponse, formatOf } from "./routes/error-response.ts"
import { getHealth } from "./routes/health.ts"
import type { SettingsError } from "./settings.ts"

/** What is served in place of the gateway while its settings are wrong: an error that names every one of them. */
export const createMisconfiguredApp = ({ problems }: SettingsError): Pick<Hono, "fetch" | "request"> => {
  const app = new Hono()
  app.get("/healthz", () => getHealth())
  app.all("*", (c) => {
    const error = new GatewayError("not_configured", `The gateway's settings need attention. ${problems.join(" ")}`)
    return errorResponse(error, formatOf(c.req.path), crypto.randomUUID())
  })
  return app
}
