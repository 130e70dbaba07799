import { describe, expect, test } from "vitest"
import type { CandidateIndex, QueryPlan, WhatIf } from "../what-if.ts"
import { chooseIndexes } from "./choose-indexes.ts"
import type { WeighedStatement } from "./weigh-set.ts"

const megabyte = 1_000_000

/** A planner of a made-up world: what a statement costs with an index, where it costs 100 without any. */
const planner = (
  sizes: Readonly<Record<string, number>>,
  costs: Readonly<Record<string, Readonly<Record<string, number>>>>,
) => {
  const asked: string[] = []
  const plan: WhatIf["plan"] = async ({ sql }, { on }) => {
    asked.push(`${sql}: ${[...on].join()}`)
    const [best] = Object.entries(costs[sql] ?? {})
      .filter(([name]) => on.has(name))
      .toSorted(([, a], [, b]) => Math.abs(a) - Math.abs(b))
    return best === undefined ? planOf(100) : planOf(best[1] < 0 ? 100 - best[1] : best[1], [best[0]])
  }
  const whatIf = {
    plan,
    sizeBytes: (name: string) => (sizes[name] ?? 0) * megabyte,
    refused: new Map(),
  } as unknown as WhatIf
  const candidates: CandidateIndex[] = Object.keys(sizes).map((name) => ({
    name,
    schema: "s",
    table: "t",
    definition: name,
  }))
  return { whatIf, candidates, asked }
}

const planOf = (cost: number, indexes: readonly string[] = []): QueryPlan => ({
  cost,
  overcharged: 0,
  rows: 1,
  indexes,
  shape: indexes.join(),
})

const statement = (sql: string, totalMs: number): WeighedStatement => ({
  statistics: {
    queryId: sql,
    text: sql,
    calls: 1,
    totalMs,
    meanMs: totalMs,
    sharedBlocksHit: 0,
    sharedBlocksRead: 0,
    tempBlocksWritten: 0,
  },
  queries: [{ sql, weight: 1, now: planOf(100) }],
})

const choose = async (
  { whatIf, candidates }: ReturnType<typeof planner>,
  statements: readonly WeighedStatement[],
  { budgetMb = 100, writes = 0, leastShare = 0.005 } = {},
) => {
  const choice = await chooseIndexes(whatIf, candidates, statements, {
    budgetBytes: budgetMb * megabyte,
    leastShare,
    writesOf: () => writes,
    onProgress: () => undefined,
  })
  return { ...choice, names: choice.chosen.map(({ candidate }) => candidate.name) }
}

describe("indexes are chosen", () => {
  test("that save most, the one that is worth most for its bytes first", async () => {
    const world = planner({ small: 1, large: 50, useless: 1 }, { a: { small: 1 }, b: { large: 1 } })
    const { names, savedShare, useful } = await choose(world, [statement("a", 1_000), statement("b", 1_000)])
    expect(names).toEqual(["small", "large"])
    expect(savedShare).toBeCloseTo(0.99)
    expect(useful).toBe(2)
  })

  test("so that two narrow ones take the place of a wide one that was the best at first", async () => {
    const world = planner({ wide: 60, ofA: 45, ofB: 45 }, { a: { wide: 10, ofA: 5 }, b: { wide: 30, ofB: 5 } })
    const { names } = await choose(world, [statement("a", 1_000), statement("b", 1_000)])
    expect(names.toSorted()).toEqual(["ofA", "ofB"])
  })

  test("the narrow one of two that save the same", async () => {
    const world = planner({ wide: 40, narrow: 10 }, { a: { wide: 4.9, narrow: 5 } })
    expect((await choose(world, [statement("a", 1_000)])).names).toEqual(["narrow"])
  })

  test("within the budget, of which a little is kept for sizes that come out larger", async () => {
    const world = planner({ large: 98, ofA: 20 }, { a: { large: 1, ofA: 40 } })
    expect((await choose(world, [statement("a", 1_000)])).names).toEqual(["ofA"])
  })

  test("unless one makes a statement much dearer, whatever it saves another", async () => {
    const world = planner({ index: 10 }, { a: { index: 1 }, b: { index: -50 } })
    expect((await choose(world, [statement("a", 100_000), statement("b", 1)])).names).toEqual([])
  })

  test("unless writes cost more than they save", async () => {
    const world = planner({ index: 10 }, { a: { index: 1 } })
    expect((await choose(world, [statement("a", 1_000)], { writes: 10_000 })).names).toEqual(["index"])
    expect((await choose(world, [statement("a", 1_000)], { writes: 100_000 })).names).toEqual([])
  })

  test("and an end is found where any saving is enough, or there is no room at all", async () => {
    const world = planner({ one: 10, same: 10, other: 20 }, { a: { one: 5, same: 5 }, b: { other: 50, one: 90 } })
    const statements = [statement("a", 1_000), statement("b", 1_000)]
    expect((await choose(world, statements, { leastShare: 0 })).names.toSorted()).toContain("other")
    expect((await choose(world, statements, { budgetMb: 0 })).names).toEqual([])
  })

  test("without asking the planner twice", async () => {
    const sizes = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`i${at}`, 5 + at]))
    const costs = Object.fromEntries(
      "abcd".split("").map((sql, at) => [sql, { [`i${at}`]: 2, [`i${at + 4}`]: 5, [`i${at + 8}`]: 20 }]),
    )
    const world = planner(sizes, costs)
    await choose(
      world,
      "abcd".split("").map((sql) => statement(sql, 1_000)),
      { budgetMb: 40 },
    )
    expect(new Set(world.asked).size).toBe(world.asked.length)
    expect(world.asked.length).toBeLessThan(4 * 12)
  })
})
