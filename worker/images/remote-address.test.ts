import { expect, test } from "vitest"
import { refusalOf, refusalOfIp } from "./remote-address.ts"

const refused = (address: string): string | undefined => refusalOf(new URL(address), address)

test.each([
  ["http://example.com/a.png", "not https"],
  ["ftp://example.com/a.png", "not https"],
  ["https://user@example.com/", "user name"],
  ["https://:secret@example.com/", "user name"],
  ["https://example.com:8080/", "port 8080"],
  ["https://example.com:22/", "port 22"],
  ["https://localhost/", "localhost"],
  ["https://LOCALHOST./", "localhost"],
  ["https://a.localhost/", "localhost"],
  ["https://metadata.google.internal/", "internal"],
  ["https://printer.local/", "local"],
  ["https://router.home.arpa/", "home.arpa"],
  ["https://intranet/", "local network"],
  ["https://metadata/", "local network"],
  ["https://0.0.0.0/", "unspecified"],
  ["https://10.1.2.3/", "private"],
  ["https://100.64.0.1/", "NAT"],
  ["https://100.127.255.255/", "NAT"],
  ["https://127.0.0.1/", "loopback"],
  ["https://127.255.255.255/", "loopback"],
  ["https://168.63.129.16/", "metadata"],
  ["https://169.254.169.254/", "metadata"],
  ["https://172.16.0.1/", "private"],
  ["https://172.31.255.255/", "private"],
  ["https://192.0.0.192/", "reserved"],
  ["https://192.0.2.1/", "documentation"],
  ["https://192.168.1.1/", "private"],
  ["https://198.18.0.1/", "benchmarking"],
  ["https://224.0.0.1/", "multicast"],
  ["https://239.255.255.255/", "multicast"],
  ["https://240.0.0.1/", "reserved"],
  ["https://255.255.255.255/", "reserved"],
  ["https://0177.0.0.1/", "disguise"],
  ["https://0x7f.0.0.1/", "disguise"],
  ["https://0x7f000001/", "disguise"],
  ["https://2130706433/", "disguise"],
  ["https://127.1/", "disguise"],
  ["https://134744072/", "disguise"],
  ["https://１２７.0.0.1/", "disguise"],
  ["https://[::]/", "unspecified"],
  ["https://[::1]/", "loopback"],
  ["https://[::7f00:1]/", "unspecified"],
  ["https://[::ffff:127.0.0.1]/", "loopback"],
  ["https://[::ffff:a9fe:a9fe]/", "metadata"],
  ["https://[::ffff:0:10.0.0.1]/", "private"],
  ["https://[64:ff9b::10.0.0.1]/", "private"],
  ["https://[64:ff9b:1::8.8.8.8]/", "reserved"],
  ["https://[2002:7f00:1::]/", "loopback"],
  ["https://[2002:c0a8:101::1]/", "private"],
  ["https://[2001::1]/", "tunnel"],
  ["https://[2001:db8::1]/", "documentation"],
  ["https://[3fff::1]/", "documentation"],
  ["https://[fc00::1]/", "private"],
  ["https://[fd00:ec2::254]/", "private"],
  ["https://[fe80::1]/", "link-local"],
  ["https://[fec0::1]/", "reserved"],
  ["https://[ff02::1]/", "multicast"],
  ["https://[100::1]/", "reserved"],
])("refuses %s", (address, why) => {
  expect(refused(address)).toContain(why)
})

test.each([
  "https://example.com/a.png",
  "https://example.com:443/a.png",
  "https://example.com:8443/a.png",
  "https://localhost.example.com/",
  "https://my.local.example/",
  "https://8.8.8.8/",
  "https://11.0.0.1/",
  "https://100.63.255.255/",
  "https://100.128.0.0/",
  "https://172.15.255.255/",
  "https://172.32.0.0/",
  "https://223.255.255.255/",
  "https://[2606:4700::6810:84e5]/",
  "https://[::ffff:8.8.8.8]/",
  "https://[64:ff9b::8.8.8.8]/",
  "https://[2002:808:808::1]/",
])("lets %s through", (address) => {
  expect(refused(address)).toBeUndefined()
})

test("refuses what a resolver gives that is no IP address at all", () => {
  for (const text of ["", "nonsense", "1:2:3", "1::2::3", "12345::1", "1:2:3:4:5:6:7:8:9"]) {
    expect(refusalOfIp(text)).toContain("not an IP address")
  }
})
