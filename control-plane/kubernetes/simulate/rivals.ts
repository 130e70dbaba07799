import type { Bounds, NamedScaler } from "./scaler.ts"
import { hpa } from "./scalers/hpa.ts"
import { kpa } from "./scalers/kpa.ts"
import { originalOnLatency, originalOnUtilization } from "./scalers/original-step.ts"
import type { World } from "./world.ts"

/** What `--against` takes; `hpa:55` is a HorizontalPodAutoscaler with a target of 55 %. */
export const rivalNames = ["hpa", "step", "p95", "kpa"] as const

const usualTarget = 70

/** The scaler of that name; `undefined` for none. */
export const rivalOf = (name: string, { slots, serviceS }: World, bounds: Bounds): NamedScaler | undefined => {
  const [, percent] = /^hpa(?::(\d{1,3}))?$/.exec(name) ?? []
  if (name.startsWith("hpa")) {
    const target = percent === undefined && name === "hpa" ? usualTarget : Number(percent)
    return target >= 1 && target <= 200 ? hpa(target / 100, slots, bounds) : undefined
  }
  if (name === "step") return originalOnUtilization(bounds)
  if (name === "p95") return originalOnLatency(serviceS, bounds)
  return name === "kpa" ? kpa(slots, bounds) : undefined
}
