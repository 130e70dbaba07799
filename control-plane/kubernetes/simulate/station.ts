import { Departures } from "./departures.ts"
import { WaitingLine } from "./waiting-line.ts"
import { emptyInterval } from "./metrics.ts"
import type { Interval } from "./metrics.ts"
import { chanceOf, normal } from "./chance.ts"
import type { World } from "./world.ts"

interface Replica {
  readonly id: number
  readonly readyAtS: number
  busy: number
  /** When it has to be gone; infinite while it is wanted. */
  goneAtS: number
}

/** The deployment: replicas that start, work and finish, before them one line of waiting requests. */
export class Station {
  private readonly world: World
  private readonly serviceChance: () => number
  private readonly startupChance: () => number
  private readonly departures = new Departures()
  private readonly line = new WaitingLine()
  /** All that ever were; departures know them by their place. */
  private readonly all: Replica[] = []
  /** Those that are wanted, oldest first. */
  private wanted: Replica[] = []
  private ready: Replica[] = []
  private turn = 0
  private nowS = 0
  private busy = 0
  private interval: Interval = emptyInterval()
  private readonly meanLog: number
  started = 0
  late = 0
  cut = 0
  replicaSeconds = 0

  constructor(world: World, seed: number, replicas: number) {
    this.world = world
    this.serviceChance = chanceOf(seed + 1)
    this.startupChance = chanceOf(seed + 2)
    this.meanLog = Math.log(world.serviceS) - world.sigma ** 2 / 2
    for (let each = 0; each < replicas; each++) this.add(0)
  }

  get wantedReplicas(): number {
    return this.wanted.length
  }

  get readyReplicas(): number {
    return this.ready.length
  }

  get waiting(): number {
    return this.line.size
  }

  /** A request comes; everything that ends before has to be over: call `advance` first. */
  arrive(atS: number): void {
    this.interval.arrivals++
    const replica = this.findFree()
    if (replica !== undefined && this.line.size === 0) this.begin(replica, atS, 0)
    else this.line.push(atS)
  }

  /** Works up to a moment. */
  advance(toS: number): void {
    for (;;) {
      const departS = this.departures.nextS
      const readyS = this.nextReadyS()
      const nextS = Math.min(departS, readyS, toS)
      this.pass(nextS)
      if (nextS === toS && departS > toS && readyS > toS) return
      if (readyS <= departS) this.refreshReady()
      else this.depart()
      if (this.line.size > 0) this.drain()
    }
  }

  /** What is asked for from now on: new ones start, the youngest go, those that do not work yet before the others. */
  setReplicas(count: number): void {
    while (this.wanted.length < count) {
      const { least, most } = this.world.startupS
      this.add(this.nowS + least + (most - least) * this.startupChance())
    }
    while (this.wanted.length > count) {
      const victim = this.wanted.pop()
      if (victim !== undefined) victim.goneAtS = this.nowS + this.world.graceS
    }
    this.refreshReady()
  }

  /** What was measured since the last time. */
  takeInterval(): Interval {
    const taken = this.interval
    this.interval = emptyInterval()
    return { ...taken, waiting: this.line.size, ready: this.ready.length, atS: this.nowS }
  }

  /** Those who still wait at the end, and have waited too long. */
  lateInLine(): number {
    let late = 0
    while (this.line.size > 0) if (this.nowS - this.line.shift() > this.world.waitS) late++
    return late
  }

  private add(readyAtS: number): void {
    const replica: Replica = { id: this.all.length, readyAtS, busy: 0, goneAtS: Number.POSITIVE_INFINITY }
    this.all.push(replica)
    this.wanted.push(replica)
    if (readyAtS <= this.nowS) this.ready.push(replica)
  }

  private nextReadyS(): number {
    if (this.ready.length === this.wanted.length) return Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const { readyAtS } of this.wanted) if (readyAtS > this.nowS && readyAtS < next) next = readyAtS
    return next
  }

  private refreshReady(): void {
    this.ready = this.wanted.filter(({ readyAtS }) => readyAtS <= this.nowS)
  }

  private pass(toS: number): void {
    const lapseS = toS - this.nowS
    this.interval.busySeconds += this.busy * lapseS
    this.interval.waitingSeconds += this.line.size * lapseS
    this.interval.readySeconds += this.ready.length * lapseS
    this.replicaSeconds += this.wanted.length * lapseS
    this.nowS = toS
  }

  private drain(): void {
    while (this.line.size > 0) {
      const replica = this.findFree()
      if (replica === undefined) return
      const cameS = this.line.shift()
      this.begin(replica, this.nowS, this.nowS - cameS)
    }
  }

  private begin(replica: Replica, atS: number, waitedS: number): void {
    const serviceS = Math.exp(this.meanLog + this.world.sigma * normal(this.serviceChance))
    replica.busy++
    this.busy++
    this.started++
    this.interval.started++
    this.interval.serviceSeconds += serviceS
    if (waitedS > this.world.waitS) {
      this.late++
      this.interval.late++
    }
    this.interval.latencies.push(waitedS + serviceS)
    this.departures.push(atS + serviceS, replica.id)
  }

  private depart(): void {
    const replica = this.all[this.departures.pop()]
    if (replica === undefined) return
    replica.busy--
    this.busy--
    if (this.nowS > replica.goneAtS) this.cut++
  }

  /** In turn, as a Service spreads requests. */
  private findFree(): Replica | undefined {
    const count = this.ready.length
    for (let tried = 0; tried < count; tried++) {
      this.turn = this.turn + 1 < count ? this.turn + 1 : 0
      const replica = this.ready[this.turn]
      if (replica !== undefined && replica.busy < this.world.slots) return replica
    }
    return undefined
  }
}
