import type { Member } from "../worker/cache/group.ts"

/** An object has 128 MB, and shares them with others of its class. */
const mostBytes = 16 * 1024 * 1024

export interface GroupMemory {
  readonly get: (group: string) => readonly Member[] | undefined
  readonly set: (group: string, members: readonly Member[]) => void
  readonly clear: () => void
}

/** The groups that were used last, so that a lookup neither reads nor decodes their vectors anew. Bounded by bytes. */
export const createGroupMemory = (limitBytes: number = mostBytes): GroupMemory => {
  const groups = new Map<string, { readonly members: readonly Member[]; readonly bytes: number }>()
  let bytes = 0
  const drop = (group: string): void => {
    bytes -= groups.get(group)?.bytes ?? 0
    groups.delete(group)
  }
  const set = (group: string, members: readonly Member[]): void => {
    const added = { members, bytes: members.reduce((sum, member) => sum + weightOf(member), emptyBytes) }
    drop(group)
    groups.set(group, added)
    bytes += added.bytes
    for (const longestUnused of groups.keys()) {
      if (bytes <= limitBytes) break
      drop(longestUnused)
    }
  }
  return {
    get: (group) => {
      const known = groups.get(group)
      if (known !== undefined) {
        groups.delete(group)
        groups.set(group, known)
      }
      return known?.members
    },
    set,
    clear: () => {
      groups.clear()
      bytes = 0
    },
  }
}

const emptyBytes = 200
const weightOf = ({ near, labels }: Member): number =>
  500 + near.vector.length + 2 * near.question.length + 64 * labels.length
