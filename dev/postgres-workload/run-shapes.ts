import type { Client } from "pg"
import type { Shape } from "./saas-shapes.ts"
import type { saasRows } from "./create-saas.ts"

export interface ShapeTime {
  readonly name: string
  readonly calls: number
  readonly meanMs: number
}

/** Calls every shape so often, by its weight and at least once, and gives how long each took, as the client saw it. */
export const runShapes = async (
  client: Client,
  shapes: readonly Shape[],
  rows: ReturnType<typeof saasRows>,
  { calls, random }: { readonly calls: number; readonly random: () => number },
): Promise<readonly ShapeTime[]> => {
  const weights = shapes.reduce((sum, { weight }) => sum + weight, 0)
  const times: ShapeTime[] = []
  for (const shape of shapes) {
    const count = Math.max(2, Math.round((calls * shape.weight) / weights))
    const startedAt = performance.now()
    for (let call = 0; call < count; call++) await client.query(shape.sql, [...shape.parameters(random, rows)])
    times.push({ name: shape.name, calls: count, meanMs: (performance.now() - startedAt) / count })
  }
  return times
}
