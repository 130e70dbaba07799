/** What happens to candidates in the world, and when. Each effect is in force from `fromS` to `toS`. */
export interface Effect {
  readonly candidates: readonly number[]
  readonly fromS: number
  readonly toS: number
  /** Fails at once, with this share. */
  readonly failingShare?: number
  /** Takes the request and says nothing, with this share. */
  readonly hangingShare?: number
  readonly firstTokenFactor?: number
  readonly perTokenFactor?: number
  readonly rateFactor?: number
  readonly accuracyChange?: number
  /** Up and down in turns of this length, beginning down. */
  readonly everyS?: number
}

export interface Scenario {
  readonly name: string
  readonly lengthS: number
  readonly effects: readonly Effect[]
  /** When the last candidate joins. */
  readonly joinsAtS: number
  /** Isolates hear nothing of each other in this time. */
  readonly apart?: { readonly fromS: number; readonly toS: number }
  /** Which effect counts as a death, for what is sent to the dead and when it is found. */
  readonly death?: Effect
}

const lengthS = 200
const during = { fromS: 60, toS: 130 }
const best = 5
const others = [0, 1, 2, 3, 4]

const scenario = (name: string, effects: readonly Effect[], rest: Partial<Scenario> = {}): Scenario => ({
  name,
  lengthS,
  effects,
  joinsAtS: 50,
  ...rest,
})
const dying = (name: string, effect: Effect): Scenario => scenario(name, [effect], { death: effect })

const outage: Effect = { candidates: [best], ...during, failingShare: 1 }
const hang: Effect = { candidates: [best], ...during, hangingShare: 1 }
const brownOut: Effect = { candidates: [best], ...during, failingShare: 0.4, firstTokenFactor: 3 }
const slow: Effect = { candidates: [best], ...during, firstTokenFactor: 12, perTokenFactor: 3 }
const tightened: Effect = { candidates: [best, 1], ...during, rateFactor: 0.15 }
const providerDown: Effect = { candidates: [0, 1, 2], ...during, failingShare: 1 }
const drift: Effect = { candidates: [3], ...during, accuracyChange: -0.3 }

/** The ten that the design names, all in a row among them. */
export const named: readonly Scenario[] = [
  scenario("steady", []),
  dying("outage", outage),
  dying("hang", hang),
  scenario("brown-out", [brownOut]),
  scenario("slow", [slow]),
  scenario("tightened limit", [tightened]),
  dying("provider down", providerDown),
  scenario("newcomer", [{ candidates: others, fromS: 0, toS: lengthS, firstTokenFactor: 2 }], { joinsAtS: 80 }),
  scenario("accuracy drift", [drift]),
  scenario(
    "all in a row",
    [outage, hang, brownOut, slow, tightened, providerDown, drift].map((effect, index) => ({
      ...effect,
      fromS: 40 + index * 80,
      toS: 80 + index * 80,
    })),
    { lengthS: 620, joinsAtS: 300 },
  ),
]

/** Three more: up and down in turns, words that come slowly after a quick first one, an outage while nobody shares. */
export const added: readonly Scenario[] = [
  scenario("flapping", [{ candidates: [best], ...during, failingShare: 1, everyS: 6 }]),
  scenario("crawl", [{ candidates: [best], ...during, perTokenFactor: 6 }]),
  scenario("nobody shares", [outage], { apart: { fromS: 60, toS: 140 } }),
]
