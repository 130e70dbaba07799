import { makePage, withContent } from "./page.ts"

/** The metapage of a BRIN index: src/include/access/brin_page.h. */
export const brinMetapage = (pagesPerRange: number, mapPages: number): Buffer => {
  const content = Buffer.alloc(16)
  content.writeUInt32LE(0xa8109cfa, 0)
  content.writeUInt32LE(1, 4)
  content.writeUInt32LE(pagesPerRange, 8)
  content.writeUInt32LE(mapPages, 12)
  const special = Buffer.alloc(8)
  special.writeUInt16LE(0xf091, 6)
  return withContent(makePage(special), content)
}
