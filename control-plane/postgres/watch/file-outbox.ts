import { mkdir, open, readFile, rename } from "node:fs/promises"
import { dirname } from "node:path"
import * as v from "valibot"
import type { Channel } from "../../notifications/channel.ts"
import { deliver } from "../../notifications/deliver.ts"
import type { Notice } from "../../notifications/notice.ts"
import { emptyOutbox, enqueue } from "../../notifications/outbox.ts"
import type { Outbox } from "../../notifications/outbox.ts"

const text = v.string()
const outboxSchema = v.object({
  entries: v.array(
    v.object({
      notice: v.object({
        id: text,
        at: text,
        severity: v.picklist(["info", "warning", "critical"]),
        subject: text,
        title: text,
        body: text,
      }),
      channels: v.array(text),
      attempts: v.number(),
      dueAtMs: v.number(),
    }),
  ),
  dropped: v.number(),
})

/** Notices of one database on their way, kept in a file of this machine until somebody took them. */
export interface FileOutbox {
  /** Resolves once the notice is on disk, not once it is delivered: a receiver that hangs delays nobody. */
  readonly notify: (notice: Notice) => Promise<void>
  /** Sends what is due. Never throws for a receiver; takes as long as the slowest channel's deadline. */
  readonly send: () => Promise<void>
}

export const openFileOutbox = (file: string, channels: readonly Channel[], now: () => Date): FileOutbox => ({
  notify: async (notice: Notice) => {
    if (channels.length === 0) return
    const names = channels.map(({ name }) => name)
    await write(file, enqueue(await read(file), notice, names, now().getTime()))
  },
  send: async () => {
    const outbox = await read(file)
    if (outbox.entries.length > 0) await write(file, await deliver(outbox, channels, now().getTime()))
  },
})

const read = async (file: string): Promise<Outbox> => {
  try {
    return v.parse(v.pipe(v.string(), v.parseJson(), outboxSchema), await readFile(file, "utf8"))
  } catch (error) {
    if (error instanceof v.ValiError || (error instanceof Error && "code" in error && error.code === "ENOENT")) {
      return emptyOutbox
    }
    throw error
  }
}

/** A new file takes the old one's place in one step. */
const write = async (file: string, outbox: Outbox): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const next = `${file}.${process.pid}.new`
  const handle = await open(next, "w", 0o600)
  try {
    await handle.writeFile(JSON.stringify(outbox))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, file)
}
