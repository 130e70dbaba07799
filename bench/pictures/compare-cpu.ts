import { PhotonImage, SamplingFilter, resize } from "@cf-wasm/photon/node"
import sharp from "sharp"
import type { Size } from "../../worker/images/image.ts"
import type { MeasuredEngine } from "./engine.ts"
import { transform } from "./engine.ts"

export interface CpuCase {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly target: Size
  readonly format: "jpeg" | "png"
  /** Photon holds all pixels three times over, which is too much for some machines. */
  readonly withPhoton: boolean
}

export interface CpuResult {
  readonly name: string
  readonly sharpMs: number
  readonly oursRatio: number
  /** The first time in this process, compiler and all. */
  readonly firstRatio: number
  readonly photonRatio: number | undefined
  /** What reader and encoder held at once, and with the received bytes. */
  readonly heldBytes: number
  readonly withInputBytes: number
  /** The longest time that the thread was held in one go, once all is compiled: a median, too. */
  readonly stretchMs: number
}

/** Until then V8 still compiles, on threads whose time counts as well. */
const warmUpRounds = 4

/**
 * CPU time of this process, since sharp works on threads. All take turns within a round, and the median counts; sharp has
 * one thread, as an isolate has.
 */
export const compareCpu = async (
  cases: readonly CpuCase[],
  rounds: number,
  engine: MeasuredEngine,
): Promise<readonly CpuResult[]> => {
  sharp.concurrency(1)
  sharp.cache(false)
  const results: CpuResult[] = []
  for (const one of cases) results.push(await compare(one, rounds, engine))
  return results
}

const compare = async (one: CpuCase, rounds: number, engine: MeasuredEngine): Promise<CpuResult> => {
  const { bytes, target } = one
  const ours: number[] = []
  const theirs: number[] = []
  const stretches: number[] = []
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    ours.push(await cpuMs(() => transform(engine, bytes, target)))
    stretches.push(engine.takeLongestStretchMs())
    theirs.push(await cpuMs(() => bySharp(one)))
  }
  const heldBytes = engine.peakBytes()
  const photonMs = one.withPhoton
    ? median([await cpuMs(() => byPhoton(one)), await cpuMs(() => byPhoton(one))])
    : undefined
  const sharpMs = median(theirs.slice(warmUpRounds))
  return {
    name: one.name,
    sharpMs,
    oursRatio: median(ours.slice(warmUpRounds)) / sharpMs,
    firstRatio: (ours[0] ?? 0) / sharpMs,
    photonRatio: photonMs === undefined ? undefined : photonMs / sharpMs,
    heldBytes,
    withInputBytes: heldBytes + bytes.length,
    stretchMs: median(stretches.slice(warmUpRounds)),
  }
}

const bySharp = ({ bytes, target, format }: CpuCase): Promise<unknown> => {
  const sized = sharp(bytes).resize(target.widthPx, target.heightPx, { fit: "fill" })
  return format === "jpeg"
    ? sized.jpeg({ quality: 85 }).toBuffer()
    : sized.png({ palette: true, colours: 16 }).toBuffer()
}

const byPhoton = async ({ bytes, target, format }: CpuCase): Promise<void> => {
  const picture = PhotonImage.new_from_byteslice(bytes)
  const sized = resize(picture, target.widthPx, target.heightPx, SamplingFilter.Triangle)
  if (format === "jpeg") sized.get_bytes_jpeg(85)
  else sized.get_bytes()
  picture.free()
  sized.free()
}

const cpuMs = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
