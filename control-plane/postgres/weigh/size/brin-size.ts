import { alignTuple } from "./tuple-width.ts"

export interface BrinShape {
  readonly tablePages: number
  readonly pagesPerRange: number
  /** Bytes of the summary's values: for minmax two of each column. */
  readonly summaryBytes: number
}

export interface BrinSize {
  readonly pages: number
  readonly mapPages: number
}

const roomBytes = 8192 - 24 - 8
/** REVMAP_PAGE_MAXITEMS: a tuple's place takes 6 bytes. */
const rangesPerMapPage = Math.floor(roomBytes / 6)

/** A metapage, a map from ranges to summaries, and the summaries: src/backend/access/brin. */
export const brinSize = ({ tablePages, pagesPerRange, summaryBytes }: BrinShape): BrinSize => {
  const ranges = Math.max(1, Math.ceil(tablePages / pagesPerRange))
  const mapPages = Math.ceil(ranges / rangesPerMapPage)
  const summariesPerPage = Math.max(1, Math.floor(roomBytes / (alignTuple(8 + summaryBytes) + 4)))
  return { pages: 1 + mapPages + Math.ceil(ranges / summariesPerPage), mapPages }
}
