import type { Hint } from "../change.ts"
import type { Health } from "../observe/read-health.ts"

/** Settings that make plans worse than they need be. */
export const settingHints = ({ settings, hitShare }: Health): readonly Hint[] => {
  const hints: Hint[] = []
  const say = (subject: string, message: string, cure: string): void =>
    void hints.push({ topic: "setting", subject, message, cure })
  if (settings["track_io_timing"] === "off")
    say("track_io_timing", "is off, so nobody knows what reading costs.", "ALTER SYSTEM SET track_io_timing = on")
  if (settings["random_page_cost"] === "4")
    say(
      "random_page_cost",
      "is 4, which is right for spinning disks; on SSDs plans avoid indexes for it.",
      "ALTER SYSTEM SET random_page_cost = 1.1",
    )
  if (settings["autovacuum"] === "off")
    say("autovacuum", "is off: dead rows stay, and statistics grow old.", "ALTER SYSTEM SET autovacuum = on")
  if (settings["shared_buffers"] === "16384 × 8kB" && hitShare !== undefined && hitShare < 0.95) {
    say(
      "shared_buffers",
      `is 128 MB, and ${Math.round(100 * hitShare)} % of blocks are found there.`,
      "ALTER SYSTEM SET shared_buffers = '25% of memory'",
    )
  }
  return hints
}
