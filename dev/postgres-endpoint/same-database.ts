/** Whether two connection strings mean one database under one user. What cannot be read means none. */
export const sameDatabase = (one: string | undefined, other: string): boolean => {
  const [a, b] = [one === undefined ? undefined : identityOf(one), identityOf(other)]
  return a !== undefined && a === b
}

/** `host:port` of a connection string. */
export const addressOf = (connectionString: string): string => {
  const { hostname, port } = new URL(connectionString)
  return `${hostname}:${port === "" ? "5432" : port}`
}

const identityOf = (connectionString: string): string | undefined => {
  if (!URL.canParse(connectionString)) return undefined
  const { username, password, pathname } = new URL(connectionString)
  // Clients escape more or fewer characters than a person did.
  return [username, password, pathname].map(unescaped).concat(addressOf(connectionString)).join("\n")
}

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
