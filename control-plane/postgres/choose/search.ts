import type { CandidateIndex } from "../what-if.ts"
import type { WeighedStatement } from "./weigh-set.ts"
import { costMs, mostToSave, netMs, sizeOf, statementsOf, writePriceMs } from "./world.ts"
import type { World } from "./world.ts"

/**
 * The set that saves most within the budget, as far as a search finds it: one is taken after the other, each time the one that saves
 * most for its bytes beside those before it (Chaudhuri and Narasayya, "An efficient, cost-driven index selection tool for Microsoft
 * SQL Server", VLDB 1997). Then one is exchanged at a time: a wide one that was the best at first may keep two narrow ones away.
 */
export const search = async (world: World): Promise<readonly CandidateIndex[]> => {
  const small = world.useful.filter(({ name }) => isSmall(world, name))
  let best = { power: 1, chosen: await fill(world, small, 1) }
  const other = { power: 0.5, chosen: await fill(world, small, 0.5) }
  if ((await netMs(world, other.chosen)) < (await netMs(world, best.chosen))) best = other
  const improved = await improve(world, best.chosen, best.power)
  return inOrder(world, await dropNeedless(world, improved))
}

/** Those that are worth most for their bytes first. */
const inOrder = async (world: World, chosen: readonly CandidateIndex[]): Promise<readonly CandidateIndex[]> => {
  const first = await fill({ ...world, useful: chosen, leastShare: 0 }, [], 0.5)
  return [...first, ...chosen.filter((each) => !first.includes(each))]
}

/**
 * Next to nothing beside the budget, as BRIN is. These are there from the start: that a large one is not needed beside a small one shows
 * only when the small one is there. Those that turn out to be needless go at the end.
 */
const isSmall = ({ whatIf, budgetBytes }: World, name: string): boolean =>
  whatIf.sizeBytes(name) < smallShare * budgetBytes
const smallShare = 0.001

/** Adds what saves most for its size, again and again, while it pays and the budget lasts. */
const fill = async (
  world: World,
  from: readonly CandidateIndex[],
  power: number,
  without?: CandidateIndex,
): Promise<readonly CandidateIndex[]> => {
  const { whatIf, useful, budgetBytes, leastShare, totalMs } = world
  const chosen = [...from]
  const offers = useful.flatMap((candidate) => {
    if (candidate === without || from.includes(candidate)) return []
    const price = Math.max(8_192, whatIf.sizeBytes(candidate.name)) ** power
    const among = statementsOf(world, candidate)
    return [{ candidate, price, among, gain: Number.POSITIVE_INFINITY }]
  })
  for (const offer of offers) offer.gain = await mostToSave(world, chosen, offer.among)
  for (;;) {
    const leftBytes = budgetBytes - sizeOf(world, chosen)
    const best = await takeBest(offers, async ({ candidate, among }) => {
      if (whatIf.sizeBytes(candidate.name) > leftBytes) return Number.NEGATIVE_INFINITY
      const saved = (await costMs(world, chosen, among)) - (await costMs(world, [...chosen, candidate], among))
      const gain = saved - writePriceMs(world, candidate)
      // One that saves too little may save much for its bytes, and stand before those that are worth taking.
      return gain < leastShare * totalMs ? Number.NEGATIVE_INFINITY : gain
    })
    if (best === undefined) return chosen
    chosen.push(best.candidate)
    best.gain = Number.NEGATIVE_INFINITY
  }
}

interface Offer {
  readonly candidate: CandidateIndex
  readonly price: number
  /** Statements that may use it. */
  readonly among: readonly WeighedStatement[]
  /** As it was when it was last weighed. */
  gain: number
}

/** Changes one at a time, as long as that saves more: leaves one out and fills its place anew, or forces one in and makes room. */
const improve = async (
  world: World,
  from: readonly CandidateIndex[],
  power: number,
): Promise<readonly CandidateIndex[]> => {
  const least = world.leastShare * world.totalMs
  let [best, bestMs] = [from, await netMs(world, from)]
  const next = async (): Promise<boolean> => {
    for (const candidate of world.useful) {
      const others = best.filter((each) => each !== candidate)
      const isChosen = others.length < best.length
      if (!isChosen) {
        const among = statementsOf(world, candidate)
        if ((await mostToSave(world, best, among)) < least) continue
        if (bestMs - (await netMs(world, [...best, candidate])) < least) continue
      }
      const found = isChosen
        ? await fill(world, others, power, candidate)
        : await fill(world, await makeRoom(world, [...best, candidate], candidate), power)
      const ms = await netMs(world, found)
      if (ms >= bestMs - least) continue
      ;[best, bestMs] = [found, ms]
      return true
    }
    return false
  }
  while (await next());
  return best
}

/** Gives up those of the others that are missed least for their bytes, until the budget holds. */
const makeRoom = async (
  world: World,
  from: readonly CandidateIndex[],
  wanted: CandidateIndex,
): Promise<readonly CandidateIndex[]> => {
  let kept = from
  while (sizeOf(world, kept) > world.budgetBytes && kept.length > 1) {
    const allMs = await netMs(world, kept)
    let [least, leastLoss] = [kept[0], Number.POSITIVE_INFINITY]
    for (const candidate of kept) {
      if (candidate === wanted || isSmall(world, candidate.name)) continue
      const lostMs =
        (await netMs(
          world,
          kept.filter((each) => each !== candidate),
        )) - allMs
      const loss = lostMs / Math.max(8_192, world.whatIf.sizeBytes(candidate.name))
      if (loss < leastLoss) [least, leastLoss] = [candidate, loss]
    }
    kept = kept.filter((each) => each !== least)
  }
  return kept
}

/**
 * The offer with the most gain for its price. Gains only shrink as others are chosen, so one whose old gain is below another's new one
 * need not be weighed anew (lazy greedy; Minoux, 1978).
 */
const takeBest = async (
  offers: readonly Offer[],
  gainOf: (offer: Offer) => Promise<number>,
): Promise<Offer | undefined> => {
  const fresh = new Set<Offer>()
  for (;;) {
    let first: Offer | undefined
    for (const offer of offers)
      if (first === undefined || offer.gain / offer.price > first.gain / first.price) first = offer
    if (first === undefined || first.gain <= 0) return undefined
    if (fresh.has(first)) return first
    first.gain = await gainOf(first)
    fresh.add(first)
  }
}

/** Takes away what saves too little beside the others. */
const dropNeedless = async (world: World, chosen: readonly CandidateIndex[]): Promise<readonly CandidateIndex[]> => {
  let kept = [...chosen]
  for (const candidate of chosen) {
    const without = kept.filter((each) => each !== candidate)
    const lostMs = (await netMs(world, without)) - (await netMs(world, kept))
    if (lostMs < world.leastShare * world.totalMs) kept = without
  }
  return kept
}
