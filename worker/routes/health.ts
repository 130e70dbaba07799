import type { Gateway } from "../gateway.ts"

/** `GET /healthz`: this process answers. */
export const getHealth = (): Response => Response.json({ status: "ok" })

/** `GET /readyz`: the settings are complete and there is someone to ask. Says nothing that a stranger may not know. */
export const getReadiness = ({ autoModels, settings }: Pick<Gateway, "autoModels" | "settings">): Response => {
  const checks = {
    providers: autoModels.length > 0,
    access: settings.keys.length > 0 || settings.openOnLoopback,
  }
  const ready = Object.values(checks).every(Boolean)
  return Response.json({ status: ready ? "ready" : "not ready", checks }, { status: ready ? 200 : 503 })
}
