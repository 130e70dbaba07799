/** A name as SQL takes it, whatever it holds. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

export const quoteNames = (...names: readonly string[]): string => names.map(quoteName).join(".")
