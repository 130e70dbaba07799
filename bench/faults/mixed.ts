import type { ControlChange, Fault } from "../../dev/simulated-providers/faults.ts"

/** One part of the scenario: who is struck by what, and at which share of the requests. */
export interface Phase {
  readonly name: string
  readonly control: ControlChange
  /** Whether any provider answers all that it is asked. */
  readonly isAnyHealthy: boolean
}

type Struck = Readonly<Partial<Record<"openai" | "anthropic" | "google", readonly [fault: Fault, rate?: number]>>>

const phase = (name: string, struck: Struck): Phase => {
  const setting = (provider: keyof Struck): NonNullable<ControlChange["openai"]> => {
    const [fault, rate = 1] = struck[provider] ?? ["none"]
    // Answers are short, so that many fit into a minute; what breaks off does so after a word or two.
    return { fault, rate, retryAfterS: 1, afterTokens: 2, answer: "It is breaker Q3, of 16 A, in the second row." }
  }
  return {
    name,
    control: { openai: setting("openai"), anthropic: setting("anthropic"), google: setting("google") },
    isAnyHealthy: Object.keys(struck).length < 3,
  }
}

/**
 * Every fault that the simulated providers know, alone and together, one after the other; in all parts but the last at
 * least one provider is well. In the last each fails three requests in ten, so nobody is.
 */
export const mixed: readonly Phase[] = [
  phase("all well", {}),
  phase("openai down", { openai: ["down"] }),
  phase("anthropic 500, google 429", { anthropic: ["error500"], google: ["rate_limited"] }),
  phase("openai hangs", { openai: ["hang"] }),
  phase("google garbage, openai half overloaded", { google: ["garbage"], openai: ["overloaded", 0.5] }),
  phase("anthropic cuts off", { anthropic: ["cut"] }),
  phase("google stalls, anthropic unauthorized", { google: ["stall"], anthropic: ["unauthorized"] }),
  phase("openai and anthropic down", { openai: ["down"], anthropic: ["down"] }),
  phase("google drips, openai 500 at times", { google: ["drip"], openai: ["error500", 0.3] }),
  phase("anthropic hangs, google down", { anthropic: ["hang"], google: ["down"] }),
  phase("each fails three in ten", {
    openai: ["error500", 0.3],
    anthropic: ["overloaded", 0.3],
    google: ["down", 0.3],
  }),
]
