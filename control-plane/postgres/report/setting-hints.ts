import { showBytes } from "../apply/show-bytes.ts"
import type { Hint } from "../change.ts"
import type { ServerHealth } from "../observe/read-server.ts"

export interface SettingFacts {
  readonly server: ServerHealth
  /** Share of blocks that were found in shared buffers, 0..1. */
  readonly hitShare?: number
  /** What the server's machine has, where a person said it. */
  readonly memoryBytes?: number
}

/** Settings that the server's own counts speak against, each with the statement that sets it; nothing here is carried out. */
export const settingHints = (facts: SettingFacts): readonly Hint[] =>
  [switches, diskCost, sharedBuffers, cacheSize, workMemory, walSize, vacuumPace].flatMap((rule) => rule(facts))

const mega = 1_048_576

const advise = (subject: string, message: string, value: string, isAtStart = false): Hint => ({
  topic: "setting",
  subject,
  message: isAtStart ? `${message} It counts from the server's next start on.` : message,
  cure: `ALTER SYSTEM SET ${subject} = ${value}${isAtStart ? "" : "; SELECT pg_reload_conf()"}`,
})

const megabytes = (bytes: number): string => `'${Math.max(1, Math.round(bytes / mega))}MB'`
const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`

const switches = ({ server }: SettingFacts): readonly Hint[] => [
  ...(server.timesReads ? [] : [advise("track_io_timing", "is off, so nobody knows what reading costs.", "on")]),
  ...(server.hasAutovacuum ? [] : [advise("autovacuum", "is off: dead rows stay, and statistics grow old.", "on")]),
]

const cached = { leastBlocks: 100_000, leastShare: 0.99, dear: 2, cheap: 1.1 } as const

/** A block out of order costs four times as much on a disk that turns; in memory it costs the same. */
const diskCost = ({ server: { settings, largeTables } }: SettingFacts): readonly Hint[] =>
  settings.random_page_cost < cached.dear ||
  largeTables.blocks < cached.leastBlocks ||
  largeTables.hitShare <= cached.leastShare
    ? []
    : [
        advise(
          "random_page_cost",
          `is ${settings.random_page_cost}, but ${percent(largeTables.hitShare)} of the blocks of tables above 100 MB were in memory: plans avoid indexes for costs that are not there.`,
          String(cached.cheap),
        ),
      ]

const usualBuffers = 128 * mega
const goodHitShare = 0.95

/** A quarter of memory, as the manual has it (19.4, Memory). */
const sharedBuffers = ({ server: { settings }, hitShare = 1, memoryBytes }: SettingFacts): readonly Hint[] => {
  const now = settings.shared_buffers
  const found = `is ${showBytes(now)}, and ${percent(hitShare)} of blocks are found there.`
  if (hitShare >= goodHitShare) return []
  if (memoryBytes !== undefined)
    return now < memoryBytes / 5 ? [advise("shared_buffers", found, megabytes(memoryBytes / 4), true)] : []
  const message = `${found} A quarter of memory is usual: with --memory the report gives a value.`
  return now <= usualBuffers ? [{ topic: "setting", subject: "shared_buffers", message }] : []
}

/** What of the tables may be in memory at all, the system's cache included: it makes the planner trust in indexes. */
const cacheSize = ({ server: { settings }, memoryBytes }: SettingFacts): readonly Hint[] => {
  if (memoryBytes === undefined) return []
  const share = settings.effective_cache_size / memoryBytes
  if (share >= 0.5 && share <= 0.95) return []
  const message = `is ${showBytes(settings.effective_cache_size)} on a machine of ${showBytes(memoryBytes)}.`
  return [advise("effective_cache_size", message, megabytes(0.75 * memoryBytes))]
}

const spills = { leastFiles: 10, mostBytes: 64 * mega } as const

/** Each session may take it several times, so it stays small, and all sessions together within a quarter of memory. */
const workMemory = ({
  server: { settings, tempFiles, tempBytes },
  memoryBytes = Infinity,
}: SettingFacts): readonly Hint[] => {
  if (tempFiles < spills.leastFiles) return []
  const mean = tempBytes / tempFiles
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, (2 * mean) / mega))) * mega
  const value = Math.min(wanted, spills.mostBytes, memoryBytes / 4 / Math.max(1, settings.max_connections))
  const message = `is ${showBytes(settings.work_mem)}: statements wrote ${tempFiles} files of ${showBytes(mean)} on average for what did not fit.`
  return value < 1.5 * settings.work_mem ? [] : [advise("work_mem", message, megabytes(value))]
}

const checkpointRule = { leastRequested: 10, leastShare: 0.3 } as const

/** A checkpoint that was asked for came before its time: the log had grown to its size. */
const walSize = ({ server: { settings, checkpoints } }: SettingFacts): readonly Hint[] => {
  const { timed, requested, days } = checkpoints
  const isOften =
    requested >= checkpointRule.leastRequested && requested / (timed + requested) > checkpointRule.leastShare
  // Some are asked for by people and backups: what matters is that they come faster than by time alone.
  const everyS = (days * 86_400) / Math.max(1, timed + requested)
  if (!isOften || everyS >= settings.checkpoint_timeout) return []
  const message = `is ${showBytes(settings.max_wal_size)}: ${requested} of ${timed + requested} checkpoints came before their time, one each ${Math.round(everyS)} s.`
  return [advise("max_wal_size", message, megabytes(2 * settings.max_wal_size))]
}

const usualCostLimit = 200
const mostCostLimit = 2_000
const workersAreFree = 180_000

/** Workers share one allowance, so more of them are no faster without more of it. */
const vacuumPace = ({ server }: SettingFacts): readonly Hint[] => {
  const { settings, overdueTables, busyWorkers, version } = server
  const workers = settings.autovacuum_max_workers
  if (!server.hasAutovacuum || overdueTables < Math.max(3, workers)) return []
  const own = settings.autovacuum_vacuum_cost_limit
  const limit = own > 0 ? own : settings.vacuum_cost_limit || usualCostLimit
  const behind = `${overdueTables} tables have more dead rows than autovacuum waits for`
  return [
    ...(limit >= mostCostLimit
      ? []
      : [
          advise(
            "autovacuum_vacuum_cost_limit",
            `is ${limit}, and ${behind}.`,
            String(Math.min(mostCostLimit, 2 * limit)),
          ),
        ]),
    ...(busyWorkers < workers
      ? []
      : [
          advise(
            "autovacuum_max_workers",
            `is ${workers}, all are at work, and ${behind}.`,
            String(workers + 2),
            version < workersAreFree,
          ),
        ]),
  ]
}
