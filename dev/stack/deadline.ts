/** Waits for the work until the time is up, and then rejects with the message. */
export const deadline = async <T>(work: Promise<T>, limitMs: number, message: string): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(message)), limitMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
