import { GatewayError } from "../../worker/errors.ts"
import { receiveImage } from "../../worker/images/limits.ts"

const times = 2_000

/** Mean time to refuse a PNG of a few bytes that states 90,000 × 90,000 px. */
export const refuseBombsMs = (): number => {
  const startedAt = performance.now()
  for (let i = 0; i < times; i++) {
    try {
      receiveImage(0, bomb)
    } catch (error) {
      if (error instanceof GatewayError && error.code === "image_too_large") continue
      throw error
    }
    throw new Error("The bomb was taken in.")
  }
  return (performance.now() - startedAt) / times
}

const bomb: Uint8Array<ArrayBuffer> = ((): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(400)
  const view = new DataView(bytes.buffer)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  view.setUint32(8, 13)
  view.setUint32(12, 0x49484452)
  view.setUint32(16, 90_000)
  view.setUint32(20, 90_000)
  bytes.set([8, 6, 0, 0, 0], 24)
  view.setUint32(33, 300)
  view.setUint32(37, 0x49444154)
  return bytes
})()
