import type { GinSize } from "../size/gin-size.ts"
import { makePage, withContent } from "./page.ts"

const noBlock = 0xffffffff

/** The metapage of a GIN index, with the counts that its costs depend on: src/include/access/ginblock.h. */
export const ginMetapage = ({ pages, entryPages, dataPages, entries }: GinSize): Buffer => {
  const content = Buffer.alloc(56)
  content.writeUInt32LE(noBlock, 0)
  content.writeUInt32LE(noBlock, 4)
  content.writeUInt32LE(pages, 24)
  content.writeUInt32LE(entryPages, 28)
  content.writeUInt32LE(dataPages, 32)
  content.writeBigInt64LE(BigInt(entries), 40)
  content.writeInt32LE(2, 48)
  const special = Buffer.alloc(8)
  special.writeUInt32LE(noBlock, 0)
  special.writeUInt16LE(8, 6)
  return withContent(makePage(special), content)
}
