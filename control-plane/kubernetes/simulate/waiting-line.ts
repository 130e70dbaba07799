/** First come, first served: the moments at which those who wait came, in a ring that grows. */
export class WaitingLine {
  private moments = new Float64Array(1_024)
  private head = 0
  size = 0

  push(atS: number): void {
    if (this.size === this.moments.length) this.grow()
    this.moments[(this.head + this.size++) & (this.moments.length - 1)] = atS
  }

  shift(): number {
    const first = this.moments[this.head] ?? 0
    this.head = (this.head + 1) & (this.moments.length - 1)
    this.size--
    return first
  }

  private grow(): void {
    const old = this.moments
    const next = new Float64Array(old.length * 2)
    for (let at = 0; at < this.size; at++) next[at] = old[(this.head + at) & (old.length - 1)] ?? 0
    this.moments = next
    this.head = 0
  }
}
