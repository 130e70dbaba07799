// Calls the object as isolates do, from inside workerd, so that nothing but the calls is measured.
export { ProviderState } from "../../durable-objects/provider-state.ts"

// oxlint-disable-next-line import/no-default-export -- The platform takes a Worker by its default export.
export default {
  async fetch(request, env) {
    const { calls, atOnce, report } = await request.json()
    const stub = env.PROVIDER_STATE.get(env.PROVIDER_STATE.idFromName("bench"))
    const durationsMs = []
    let left = calls
    const caller = async (_, index) => {
      while (left-- > 0) {
        const from = Date.now()
        await stub.sync({ ...report, isolate: `isolate ${index}` })
        durationsMs.push(Date.now() - from)
      }
    }
    const from = Date.now()
    await Promise.all(Array.from({ length: atOnce }, caller))
    return Response.json({ totalMs: Date.now() - from, durationsMs })
  },
}
