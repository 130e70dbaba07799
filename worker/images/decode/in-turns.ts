/** Pixels between two pauses: some 10 ms of work. */
const pixelsPerTurn = 1_000_000

/**
 * Runs work that yields how many pixels it has done, and pauses after each million of them. Counted in pixels, since a
 * Worker's clock stands still while it computes.
 */
export const inTurns = async <T>(work: Generator<number, T>, pause: () => Promise<void>): Promise<T> => {
  let pixels = 0
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value
    pixels += step.value
    if (pixels < pixelsPerTurn) continue
    pixels = 0
    await pause()
  }
}
