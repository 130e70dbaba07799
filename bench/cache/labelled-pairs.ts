import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as v from "valibot"

/** Two questions, and whether one answer serves both. */
export interface LabelledPair {
  readonly a: string
  readonly b: string
  readonly same: boolean
  /** Recorded from another embedder, where there is one. */
  readonly cosine?: number
}

/** Two questions that people asked of one picture, with what was answered. */
export interface PicturePair {
  readonly image: number
  readonly a: string
  readonly b: string
  readonly answerA: string
  readonly answerB: string
}

/** What a folder of labelled pairs may hold; each file is optional. JSON lines. */
export interface LabelledData {
  /** General questions, with the cosines of text-embedding-3-small. */
  readonly recorded?: readonly LabelledPair[]
  /** General questions, no cosine. */
  readonly calibration?: readonly LabelledPair[]
  /** Nearly the same question, another answer; and a few safe ones. */
  readonly traps?: readonly LabelledPair[]
  readonly pictures?: readonly PicturePair[]
}

export const dataFiles = {
  recorded: "quora-1000.jsonl",
  calibration: "quora-calibration.jsonl",
  traps: "traps.jsonl",
  pictures: "vqa-same-image.jsonl",
} as const

const Pair = v.pipe(
  v.object({ a: v.string(), b: v.string(), same: v.boolean(), cosine: v.optional(v.nullable(v.number())) }),
  v.transform(({ a, b, same, cosine }): LabelledPair => ({
    a,
    b,
    same,
    ...(typeof cosine !== "number" ? {} : { cosine }),
  })),
)
const Picture = v.object({
  image: v.number(),
  a: v.string(),
  b: v.string(),
  answerA: v.string(),
  answerB: v.string(),
})

export const readLabelledData = async (folder: string): Promise<LabelledData> => {
  const [recorded, calibration, traps, pictures] = await Promise.all([
    readLines(join(folder, dataFiles.recorded), Pair),
    readLines(join(folder, dataFiles.calibration), Pair),
    readLines(join(folder, dataFiles.traps), Pair),
    readLines(join(folder, dataFiles.pictures), Picture),
  ])
  return {
    ...(recorded === undefined ? {} : { recorded: withoutLabelErrors(recorded) }),
    ...(calibration === undefined ? {} : { calibration: withoutLabelErrors(calibration) }),
    ...(traps === undefined ? {} : { traps }),
    ...(pictures === undefined ? {} : { pictures }),
  }
}

const readLines = async <T>(path: string, schema: v.GenericSchema<unknown, T>): Promise<readonly T[] | undefined> => {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined
    throw error
  })
  return text
    ?.split("\n")
    .map((line, index) => [line, index + 1] as const)
    .filter(([line]) => line.trim() !== "")
    .map(([line, number]) => {
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), line)
      if (parsed.success) return parsed.output
      throw new Error(`${path}, line ${number}: ${parsed.issues[0].message}`)
    })
}

/** Some pairs with the very same words are labelled "different"; nobody could get those right. */
export const withoutLabelErrors = (pairs: readonly LabelledPair[]): readonly LabelledPair[] =>
  pairs.filter(({ a, b, same }) => same || plain(a) !== plain(b))

const plain = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ")
