const slices = 5

/**
 * A signal that fires after `timeoutMs` in which this process was awake. A plain timer counts the time, too, in which
 * it decodes a picture: an answer that came meanwhile would be given up, unread, for being late. So the time is counted
 * in slices, and one that it slept through counts once.
 */
export const wakingDeadline = (timeoutMs: number): AbortSignal => {
  const controller = new AbortController()
  const wait = (slicesLeft: number): void => {
    if (slicesLeft > 0) setTimeout(() => wait(slicesLeft - 1), timeoutMs / slices)
    else controller.abort(new DOMException(`No answer within ${timeoutMs} ms.`, "TimeoutError"))
  }
  wait(slices)
  return controller.signal
}
