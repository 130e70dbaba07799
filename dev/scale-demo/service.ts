import { createHeap } from "./heap.ts"
import { normal } from "./random.ts"

export interface ServiceOptions {
  readonly slots: number
  readonly serviceS: number
  /** Spread of the logarithm of service times. */
  readonly sigma: number
  readonly waitS: number
  /** How long a replica that is taken away may go on with what it has. */
  readonly graceS: number
  readonly random: () => number
}

/** What was measured since the last reading. */
export interface Window {
  readonly arrivals: number
  readonly started: number
  readonly late: number
  readonly finished: number
  readonly serviceS: number
  /** Busy slots, at the reading. */
  readonly busy: number
  readonly waiting: number
  readonly p95S: number
}

/** Requests that queue for the slots of replicas, first come first served; service times are log-normal. */
export interface Service {
  readonly arrive: (atS: number) => void
  /** Lets all end that ends until then. */
  readonly advance: (toS: number) => void
  readonly setReplicas: (replicas: number, atS: number) => void
  readonly read: () => Window
  readonly totals: () => { readonly requests: number; readonly late: number; readonly cut: number }
}

export const createService = ({ slots, serviceS, sigma, waitS, graceS, random }: ServiceOptions): Service => {
  const ends = createHeap()
  let queue: number[] = []
  let head = 0
  let replicas = 0
  let [requests, allLate, cut] = [0, 0, 0]
  let [arrivals, started, late, finished, workedS] = [0, 0, 0, 0, 0]
  let times: number[] = []
  // The mean of a log-normal time is exp(mu + sigma² / 2).
  const mu = Math.log(serviceS) - (sigma * sigma) / 2

  const begin = (arrivedS: number, atS: number): void => {
    const takesS = Math.exp(mu + sigma * normal(random))
    const waitedS = atS - arrivedS
    ends.push(atS + takesS)
    started++
    workedS += takesS
    times.push(waitedS + takesS)
    if (waitedS > waitS) {
      late++
      allLate++
    }
  }
  const fill = (atS: number): void => {
    while (head < queue.length && ends.size() < replicas * slots) begin(queue[head++] ?? atS, atS)
    if (head > 10_000) {
      queue = queue.slice(head)
      head = 0
    }
  }
  const advance = (toS: number): void => {
    for (let next = ends.peek(); next !== undefined && next <= toS; next = ends.peek()) {
      ends.pop()
      finished++
      fill(next)
    }
  }
  return {
    advance,
    arrive: (atS) => {
      advance(atS)
      requests++
      arrivals++
      if (head >= queue.length && ends.size() < replicas * slots) begin(atS, atS)
      else queue.push(atS)
    },
    setReplicas: (next, atS) => {
      advance(atS)
      if (next < replicas) {
        // Of what is running, the share on the replicas that go, if it outlives their grace.
        const share = replicas === 0 ? 0 : (replicas - next) / replicas
        const tooLong = Math.exp(-graceS / serviceS)
        cut += ends.size() * share * tooLong
      }
      replicas = next
      fill(atS)
    },
    read: () => {
      const sorted = times.toSorted((a, b) => a - b)
      const window: Window = {
        arrivals,
        started,
        late,
        finished,
        serviceS: started === 0 ? 0 : workedS / started,
        busy: ends.size(),
        waiting: queue.length - head,
        p95S: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
      }
      ;[arrivals, started, late, finished, workedS] = [0, 0, 0, 0, 0]
      times = []
      return window
    },
    totals: () => ({ requests, late: allLate, cut }),
  }
}
