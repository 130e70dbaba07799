/** IPv4 ranges that are nobody's public web server (IANA special-purpose registry, RFC 6890), and cloud metadata. */
const refusedRanges: readonly (readonly [range: string, prefixBits: number, why: string])[] = [
  ["0.0.0.0", 8, "an unspecified address"],
  ["10.0.0.0", 8, "a private address"],
  ["100.64.0.0", 10, "a carrier-grade NAT address"],
  ["127.0.0.0", 8, "a loopback address"],
  ["168.63.129.16", 32, "a cloud metadata address"],
  ["169.254.0.0", 16, "a link-local or metadata address"],
  ["172.16.0.0", 12, "a private address"],
  ["192.0.0.0", 24, "a reserved address"],
  ["192.0.2.0", 24, "a documentation address"],
  ["192.88.99.0", 24, "a reserved address"],
  ["192.168.0.0", 16, "a private address"],
  ["198.18.0.0", 15, "a benchmarking address"],
  ["198.51.100.0", 24, "a documentation address"],
  ["203.0.113.0", 24, "a documentation address"],
  ["224.0.0.0", 4, "a multicast address"],
  ["240.0.0.0", 4, "a reserved address"],
]

const refusedNames: readonly string[] = [
  "localhost",
  "internal",
  "local",
  "localdomain",
  "home.arpa",
  "lan",
  "intranet",
]
const allowedPorts: readonly string[] = ["", "8443"]

/**
 * Why a picture must not be fetched from this address; `undefined` when it may. Looks at the address alone: a public
 * name that resolves to a private address has to be caught by whoever resolves it (see `fetchRemote`).
 *
 * `written` is the address as it was written: the URL parser has long turned 0x7f000001 into 127.0.0.1, and a number
 * in disguise has no honest use.
 */
export const refusalOf = (url: URL, written: string): string | undefined => {
  if (url.protocol !== "https:") return `it is a ${url.protocol} address, not https:`
  if (url.username !== "" || url.password !== "") return "it holds a user name or password"
  if (!allowedPorts.includes(url.port)) return `port ${url.port} is not allowed; 443 and 8443 are`
  const host = url.hostname.replace(/\.+$/, "")
  if (!host.startsWith("[") && !isIpv4(host)) return refusalOfName(host)
  if (isIpv4(host) && !written.includes(host))
    return `its host is ${host} in disguise; write it in four decimal numbers`
  return refusalOfIp(host)
}

const refusalOfName = (host: string): string | undefined => {
  if (!host.includes(".")) return `${host} is a name of a local network`
  const match = refusedNames.find((name) => host === name || host.endsWith(`.${name}`))
  return match === undefined ? undefined : `names under .${match} belong to a local network`
}

/** Why an IP address (IPv6 with or without brackets) is not one of the public Internet; `undefined` when it is. */
export const refusalOfIp = (address: string): string | undefined => {
  if (isIpv4(address)) return refusalOfIpv4(ipv4Value(address))
  const groups = ipv6Groups(address.replace(/^\[|\]$/g, ""))
  return groups === undefined ? `${address} is not an IP address` : refusalOfIpv6(groups)
}

const isIpv4 = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host)

const ipv4Value = (host: string): number => host.split(".").reduce((value, part) => value * 256 + Number(part), 0)

const refusalOfIpv4 = (value: number): string | undefined =>
  refusedRanges.find(([range, prefixBits]) => {
    const size = 2 ** (32 - prefixBits)
    return Math.floor(value / size) === Math.floor(ipv4Value(range) / size)
  })?.[2]

/** The eight groups of an IPv6 address; `undefined` when it is not one. */
const ipv6Groups = (text: string): readonly number[] | undefined => {
  const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text)
  const value = dotted === null ? 0 : ipv4Value(dotted[2] ?? "")
  const plain =
    dotted === null ? text : `${dotted[1]}${Math.floor(value / 65_536).toString(16)}:${(value % 65_536).toString(16)}`
  const halves = plain.split("::")
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")))
  const missing = 8 - head.length - tail.length
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...tail]
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => parseInt(group, 16))
    : undefined
}

/** Only global unicast (2000::/3) is public, and what wraps an IPv4 address is as public as that. */
const refusalOfIpv6 = (groups: readonly number[]): string | undefined => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  const lowest = g * 65_536 + h
  const startsWithZeros = [a, b, c, d].every((group) => group === 0)
  if (startsWithZeros && e === 0 && f === 0) return lowest === 1 ? "a loopback address" : "an unspecified address"
  if (startsWithZeros && ((e === 0 && f === 0xffff) || (e === 0xffff && f === 0))) return refusalOfIpv4(lowest)
  if (a === 0x64 && b === 0xff9b && [c, d, e, f].every((group) => group === 0)) return refusalOfIpv4(lowest)
  if (a === 0x2002) return refusalOfIpv4(b * 65_536 + c)
  if ((a & 0xfe00) === 0xfc00) return "a private address"
  if ((a & 0xffc0) === 0xfe80) return "a link-local address"
  if ((a & 0xff00) === 0xff00) return "a multicast address"
  if ((a & 0xe000) !== 0x2000) return "a reserved address"
  if (a === 0x2001 && b < 0x200) return "a tunnel or reserved address"
  if ((a === 0x2001 && b === 0xdb8) || (a === 0x3fff && b < 0x1000)) return "a documentation address"
  return undefined
}
