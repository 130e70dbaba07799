import { sha256Hex, stableJson } from "./cache-key.ts"

/** Equal for answers that say the same in the same words: order of JSON's keys, case and white space say nothing. */
export const answerHash = async (answer: string): Promise<string> =>
  (await sha256Hex(new TextEncoder().encode(comparable(answer)))).slice(0, 32)

const comparable = (answer: string): string => {
  try {
    return stableJson(JSON.parse(answer))
  } catch {
    return answer.trim().replace(/\s+/g, " ").toLowerCase()
  }
}
