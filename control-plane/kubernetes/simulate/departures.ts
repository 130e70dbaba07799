/** The requests at work, the one that ends first on top: a binary heap in two flat arrays, for millions of them. */
export class Departures {
  private times: Float64Array
  private replicas: Int32Array
  size = 0

  constructor(capacity = 1_024) {
    this.times = new Float64Array(capacity)
    this.replicas = new Int32Array(capacity)
  }

  /** When the first ends; infinite where there is none. */
  get nextS(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.times[0] ?? Number.POSITIVE_INFINITY)
  }

  push(timeS: number, replica: number): void {
    if (this.size === this.times.length) this.grow()
    let at = this.size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = this.times[parent] ?? 0
      if (above <= timeS) break
      this.times[at] = above
      this.replicas[at] = this.replicas[parent] ?? 0
      at = parent
    }
    this.times[at] = timeS
    this.replicas[at] = replica
  }

  /** Takes the first away, and gives the replica that worked on it. */
  pop(): number {
    const first = this.replicas[0] ?? 0
    const lastTime = this.times[--this.size] ?? 0
    const lastReplica = this.replicas[this.size] ?? 0
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.size) break
      if (child + 1 < this.size && (this.times[child + 1] ?? 0) < (this.times[child] ?? 0)) child++
      const below = this.times[child] ?? 0
      if (below >= lastTime) break
      this.times[at] = below
      this.replicas[at] = this.replicas[child] ?? 0
      at = child
    }
    this.times[at] = lastTime
    this.replicas[at] = lastReplica
    return first
  }

  private grow(): void {
    const [times, replicas] = [this.times, this.replicas]
    this.times = new Float64Array(times.length * 2)
    this.times.set(times)
    this.replicas = new Int32Array(replicas.length * 2)
    this.replicas.set(replicas)
  }
}
