import { UsageError } from "../../arguments/usage-error.ts"

/** The hours in which changes may be made; it may pass over midnight. */
export interface Window {
  readonly fromMinute: number
  readonly toMinute: number
  readonly timeZone: string
}

/** Reads `22:00-05:00`, with a time zone such as `Europe/Berlin` or UTC after it; without one it is UTC. */
export const readWindow = (text: string): Window => {
  const [, fromHour, from, toHour, to, zone = "UTC"] =
    /^([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)(?:\s+([\w+/-]{1,64}))?$/.exec(text.trim()) ?? []
  const window = {
    fromMinute: Number(fromHour) * 60 + Number(from),
    toMinute: Number(toHour) * 60 + Number(to),
    timeZone: zone,
  }
  if (Number.isNaN(window.fromMinute) || Number.isNaN(window.toMinute) || !isTimeZone(zone)) {
    throw new UsageError('--window takes hours such as 22:00-05:00, or "22:00-05:00 Europe/Berlin".')
  }
  if (window.fromMinute === window.toMinute) throw new UsageError("--window is empty: it ends when it begins.")
  return window
}

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone }).format()
    return true
  } catch {
    return false
  }
}

export const isWithin = ({ fromMinute, toMinute, timeZone }: Window, at: Date): boolean => {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
  const [hour = 0, minute = 0] = parts.format(at).split(":").map(Number)
  const now = hour * 60 + minute
  return fromMinute < toMinute ? now >= fromMinute && now < toMinute : now >= fromMinute || now < toMinute
}

export const showWindow = ({ fromMinute, toMinute, timeZone }: Window): string =>
  `${clock(fromMinute)}-${clock(toMinute)} ${timeZone}`

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`
