/** A time with microseconds, the only one that leases and events take, e.g. `2026-11-26T17:00:00.000000Z`. */
export const toMicroTime = (atMs: number): string => new Date(atMs).toISOString().replace("Z", "000Z")
