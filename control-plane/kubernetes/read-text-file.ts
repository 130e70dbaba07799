import { readFile, stat } from "node:fs/promises"
import { UsageError } from "../arguments/usage-error.ts"
import { codeOf } from "../doctor/why-unreachable.ts"

const largestBytes = 16_777_216

/** A file of the command line. Throws a UsageError where there is none, or it is far too large to be meant. */
export const readTextFile = async (file: string): Promise<string> => {
  try {
    const { size } = await stat(file)
    if (size > largestBytes) throw new UsageError(`${file} is larger than 16 MiB; is it the right file?`)
    return await readFile(file, "utf8")
  } catch (error) {
    if (error instanceof UsageError) throw error
    const code = codeOf(error)
    const why =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "this is a folder"
          : `it cannot be read (${code ?? "unknown"})`
    throw new UsageError(`${file}: ${why}.`)
  }
}
