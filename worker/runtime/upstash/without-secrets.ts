/**
 * The client's errors repeat the whole command, and with it the answer; a host's repeat a token that is no valid header.
 * So they are not passed on as they are, not even as a cause.
 */
export const withoutSecrets = async <T>(token: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    const [said = ""] = text.split(", command was")
    // oxlint-disable-next-line preserve-caught-error
    throw new Error(`The store failed: ${said.replaceAll(token, "…").slice(0, 200)}`)
  }
}
