import { makePage, withContent } from "./page.ts"

const leaf = 1
const root = 2
const meta = 8

/**
 * The first pages of a B-tree of a given height with an empty leaf (src/include/access/nbtree.h): the planner reads the height
 * from the metapage, and walks down to the first and the last leaf for the ends of a column. Blocks: metapage, root, …, leaf.
 */
export const emptyTree = (height: number): Buffer => {
  const pages = [metapage(height)]
  for (let level = height; level >= 0; level--) {
    const isRoot = level === height
    const flags = (level === 0 ? leaf : 0) | (isRoot ? root : 0)
    pages.push(makePage(special(level, flags), level === 0 ? [] : [downlink(pages.length + 1)]))
  }
  return Buffer.concat(pages)
}

/** BTMetaPageData: root is block 1, at the tree's height, and so is the fast root; equal keys may share a tuple. */
const metapage = (height: number): Buffer => {
  const content = Buffer.alloc(48)
  content.writeUInt32LE(0x053162, 0)
  content.writeUInt32LE(4, 4)
  content.writeUInt32LE(1, 8)
  content.writeUInt32LE(height, 12)
  content.writeUInt32LE(1, 16)
  content.writeUInt32LE(height, 20)
  content.writeDoubleLE(-1, 32)
  content.writeUInt8(1, 40)
  return withContent(makePage(special(0, meta)), content)
}

/** BTPageOpaqueData: no page to the left or right. */
const special = (level: number, flags: number): Buffer => {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(level, 8)
  bytes.writeUInt16LE(flags, 12)
  return bytes
}

/** The leftmost entry of an inner page: no key, the child's block in its tid (high half first), its offset counting the keys: 0. */
const downlink = (block: number): Buffer => {
  const tuple = Buffer.alloc(8)
  tuple.writeUInt16LE(block >>> 16, 0)
  tuple.writeUInt16LE(block & 0xffff, 2)
  // t_info: length 8, and INDEX_ALT_TID_MASK.
  tuple.writeUInt16LE(8 | 0x2000, 6)
  return tuple
}
