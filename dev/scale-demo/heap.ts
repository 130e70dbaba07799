/** A binary heap of numbers, smallest first. */
export interface Heap {
  readonly push: (value: number) => void
  readonly pop: () => number | undefined
  readonly peek: () => number | undefined
  readonly size: () => number
}

export const createHeap = (): Heap => {
  const items: number[] = []
  const at = (index: number): number => items[index] ?? Number.POSITIVE_INFINITY
  const swap = (a: number, b: number): void => {
    const kept = at(a)
    items[a] = at(b)
    items[b] = kept
  }
  return {
    peek: () => items[0],
    size: () => items.length,
    push: (value) => {
      items.push(value)
      for (let child = items.length - 1; child > 0;) {
        const parent = (child - 1) >> 1
        if (at(parent) <= at(child)) break
        swap(parent, child)
        child = parent
      }
    },
    pop: () => {
      const first = items[0]
      const last = items.pop()
      if (first === undefined || last === undefined || items.length === 0) return first
      items[0] = last
      for (let parent = 0; ;) {
        const left = parent * 2 + 1
        const child = at(left + 1) < at(left) ? left + 1 : left
        if (child >= items.length || at(parent) <= at(child)) return first
        swap(parent, child)
        parent = child
      }
    },
  }
}
