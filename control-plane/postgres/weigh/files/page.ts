export const pageBytes = 8192
const headerBytes = 24

/**
 * An index page of Postgres: `PageHeaderData` (src/include/storage/bufpage.h), line pointers upwards, items downwards, the
 * access method's own special area at the end. Little-endian, as every machine that we run on.
 */
export const makePage = (special: Uint8Array, items: readonly Uint8Array[] = []): Buffer => {
  const page = Buffer.alloc(pageBytes)
  const specialAt = pageBytes - special.length
  page.set(special, specialAt)
  let upper = specialAt
  items.forEach((item, index) => {
    upper -= Math.ceil(item.length / 8) * 8
    page.set(item, upper)
    // ItemIdData: offset, 15 bits; flags, 2 bits, 1 = used; length, 15 bits.
    page.writeUInt32LE((upper | (1 << 15) | (item.length << 17)) >>> 0, headerBytes + index * 4)
  })
  page.writeUInt16LE(headerBytes + items.length * 4, 12)
  page.writeUInt16LE(upper, 14)
  page.writeUInt16LE(specialAt, 16)
  page.writeUInt16LE(pageBytes | 4, 18)
  return page
}

/** Sets where the free space of a page starts, for pages whose content is no list of items. */
export const withContent = (page: Buffer, content: Uint8Array): Buffer => {
  page.set(content, headerBytes)
  page.writeUInt16LE(headerBytes + content.length, 12)
  return page
}
