import type { ImageHeader } from "./image.ts"
import type { HeaderFault, HeaderParser } from "./header-parser.ts"
import { orTruncated, startsWith } from "./read-bytes.ts"

/** A GIF of 20 MB has 80,000 blocks of pixel data; more steps than this mean blocks made small on purpose. */
const maxSteps = 100_000

/** Whether there is a step left to take, and takes it. */
type TakeStep = () => boolean
const stepsUpTo = (most: number): TakeStep => {
  let taken = 0
  return () => taken++ < most
}

const extension = 0x21
const graphicControl = 0xf9
const imageDescriptor = 0x2c

export const parseGif: HeaderParser = (view) =>
  startsWith(view, 0, "GIF87a") || startsWith(view, 0, "GIF89a") ? orTruncated("gif", () => parse(view)) : undefined

const parse = (view: DataView): ImageHeader | HeaderFault => {
  const widthPx = view.getUint16(6, true)
  const heightPx = view.getUint16(8, true)
  if (widthPx === 0 || heightPx === 0) return fault(`states the size ${widthPx} × ${heightPx} px`)
  const takeStep = stepsUpTo(maxSteps)
  let hasAlpha = false
  let at = 13 + colorTableBytes(view.getUint8(10))
  while (takeStep()) {
    const block = view.getUint8(at)
    if (block === imageDescriptor) {
      const [left, top] = [view.getUint16(at + 1, true), view.getUint16(at + 3, true)]
      const [frameWidth, frameHeight] = [view.getUint16(at + 5, true), view.getUint16(at + 7, true)]
      // A decoder may allocate for the frame, past our limits on the canvas.
      if (left + frameWidth > widthPx || top + frameHeight > heightPx)
        return fault("has a frame larger than the picture")
      const progressive = (view.getUint8(at + 9) & 0x40) !== 0
      const covers = frameWidth === widthPx && frameHeight === heightPx
      const frames = hasSecondFrame(view, at, takeStep) ? 2 : 1
      return {
        format: "gif",
        widthPx,
        heightPx,
        bitDepth: 8,
        hasAlpha: hasAlpha || !covers,
        frames,
        progressive,
        orientation: 1,
      }
    }
    if (block !== extension) return fault(`has an unknown block at byte ${at}`)
    if (view.getUint8(at + 1) === graphicControl && (view.getUint8(at + 3) & 1) === 1) hasAlpha = true
    at = skipBlocks(view, at + 2, takeStep)
  }
  return fault("holds no picture within its first blocks")
}

const hasSecondFrame = (view: DataView, firstFrame: number, takeStep: TakeStep): boolean => {
  let at = firstFrame
  while (at < view.byteLength && takeStep()) {
    const block = view.getUint8(at)
    if (block === imageDescriptor && at !== firstFrame) return true
    if (block === imageDescriptor) {
      if (at + 10 > view.byteLength) return false
      at = skipBlocks(view, at + 11 + colorTableBytes(view.getUint8(at + 9)), takeStep)
    } else if (block === extension) at = skipBlocks(view, at + 2, takeStep)
    else return false
  }
  // Out of steps: more than one is the careful answer, since such a file is then re-encoded rather than passed on.
  return !takeStep()
}

/** The offset behind a chain of blocks, each led by its length; the end of the file when the chain is cut off. */
const skipBlocks = (view: DataView, start: number, takeStep: TakeStep): number => {
  let at = start
  while (at < view.byteLength && takeStep()) {
    const length = view.getUint8(at)
    at += 1 + length
    if (length === 0) return at
  }
  return view.byteLength
}

const colorTableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1))

const fault = (what: string): HeaderFault => ({ format: "gif", fault: what })
