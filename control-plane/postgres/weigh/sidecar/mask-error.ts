/** The server's error without the values that its message quotes: they may be a user's. Its `code` is kept. */
export const maskError = (error: unknown): Error => {
  const message = error instanceof Error ? error.message : String(error)
  const masked = new Error(message.replaceAll(/"[^"]*"|'[^']*'/g, "'…'"))
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined
  return Object.assign(masked, typeof code === "string" ? { code } : {})
}
