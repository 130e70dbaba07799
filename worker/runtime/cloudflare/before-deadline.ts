/** Rejects when the work takes longer; whether it ends then is its own affair. */
export const beforeDeadline = async <T>(work: Promise<T>, deadlineMs: number): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${deadlineMs} ms.`)), deadlineMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
