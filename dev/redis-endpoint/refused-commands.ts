/** They change the connection, or hold it until something happens: all requests share one, so one caller would stop all. */
const refused: ReadonlySet<string> = new Set(
  [
    "AUTH CLIENT DISCARD EXEC HELLO MONITOR MULTI QUIT RESET SELECT SHUTDOWN UNWATCH WATCH",
    "PSUBSCRIBE PUNSUBSCRIBE SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE UNSUBSCRIBE",
    "BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN WAIT WAITAOF",
  ].flatMap((names) => names.split(" ")),
)

/** Why the endpoint does not run a command; undefined when it does. The name is in capitals. */
export const findRefusal = ([name, ...args]: readonly [string, ...string[]]): string | undefined =>
  refused.has(name) || (name.startsWith("XREAD") && args.some((arg) => arg.toUpperCase() === "BLOCK"))
    ? `ERR ${name} would change or block the connection that all requests share; send /multi-exec for a transaction`
    : undefined
