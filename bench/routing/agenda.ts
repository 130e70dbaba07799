/** What is to happen, by time: a binary heap. Of two things at one time, what was entered first happens first. */
export interface Agenda {
  readonly now: () => number
  readonly at: (time: number, happen: () => void) => void
  readonly run: () => void
}

interface Entry {
  readonly time: number
  readonly order: number
  readonly happen: () => void
}

const isBefore = (one: Entry, other: Entry): boolean =>
  one.time < other.time || (one.time === other.time && one.order < other.order)

export const createAgenda = (): Agenda => {
  const heap: Entry[] = []
  let now = 0
  let order = 0

  const rise = (entry: Entry): void => {
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(entry, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = entry
  }

  const takeFirst = (): Entry | undefined => {
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (left === undefined) break
      let least = left
      if (right !== undefined && isBefore(right, left)) {
        child++
        least = right
      }
      if (!isBefore(least, last)) break
      heap[index] = least
      index = child
    }
    heap[index] = last
    return first
  }

  return {
    now: () => now,
    at: (time, happen) => rise({ time: Math.max(time, now), order: order++, happen }),
    run: () => {
      for (let entry = takeFirst(); entry !== undefined; entry = takeFirst()) {
        now = entry.time
        entry.happen()
      }
    },
  }
}
