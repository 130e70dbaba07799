/** The entries with this one as the last; of more than `most`, those that were set longest ago go. */
export const keepNewest = <T>(
  entries: Readonly<Record<string, T>>,
  name: string,
  value: T,
  most: number,
): Readonly<Record<string, T>> => {
  const others = Object.entries(entries).filter(([other]) => other !== name)
  return Object.fromEntries([...others.slice(Math.max(0, others.length - most + 1)), [name, value]])
}
