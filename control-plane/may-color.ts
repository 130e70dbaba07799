/** Colors go to a terminal alone, and not to one whose user asked for none (https://no-color.org). */
export const mayColor = (isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean =>
  isTerminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb"
