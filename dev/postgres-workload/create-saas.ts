import { setTimeout as sleep } from "node:timers/promises"
import type { Client } from "pg"

/** Rows by table, for so many rows in all. */
export const saasRows = (total: number) => ({
  users: Math.round(total * 0.05),
  orders: Math.round(total * 0.35),
  events: Math.round(total * 0.4),
  tasks: Math.round(total * 0.2),
})

const tenants = 500

/**
 * Makes the tables of a small software company: users, orders, events with documents, tasks, with primary keys and nothing more.
 * Values are skewed as life is: few tenants have most rows, most orders are done, most tasks are closed. The same for the same
 * number of rows: all of it comes from hashes of the row's number.
 */
export const createSaas = async (client: Client, total: number, onProgress: (step: string) => void): Promise<void> => {
  const rows = saasRows(total)
  // Else VACUUM comes before the rows' commits are in the log, and can mark no page as visible to all.
  await client.query("SET synchronous_commit = on")
  await client.query(tables)
  for (const [table, select] of Object.entries(fill(rows))) {
    onProgress(`filling ${table}`)
    await client.query(`INSERT INTO ${table} ${select}`)
  }
  onProgress("ANALYZE")
  await client.query("VACUUM ANALYZE")
  await untilCounted(client, rows)
  await client.query("RESET synchronous_commit")
  // What filling cost is no part of the workload.
  await client.query("SELECT pg_stat_reset()")
  await client.query("SELECT pg_stat_statements_reset()")
}

/** A session tells what it wrote up to a second later: what is told after the reset would count as the workload's. */
const untilCounted = async (client: Client, rows: ReturnType<typeof saasRows>): Promise<void> => {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0)
  for (const untilMs = Date.now() + longestTellingMs; Date.now() < untilMs; await sleep(100)) {
    const { rows: counted } = await client.query<{ inserted: string }>(
      "SELECT coalesce(sum(n_tup_ins), 0) AS inserted FROM pg_stat_user_tables",
    )
    if (Number(counted[0]?.inserted) >= total) return
  }
}
const longestTellingMs = 10_000

const tables = `
CREATE TABLE users (id bigint PRIMARY KEY, tenant_id int NOT NULL, email text NOT NULL, name text NOT NULL, created_at timestamptz NOT NULL, last_seen_at timestamptz, plan text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, tenant_id int NOT NULL, user_id bigint NOT NULL, status text NOT NULL, total_cents int NOT NULL, currency text NOT NULL, created_at timestamptz NOT NULL, paid_at timestamptz, reference text NOT NULL);
CREATE TABLE events (id bigint PRIMARY KEY, tenant_id int NOT NULL, user_id bigint NOT NULL, kind text NOT NULL, payload jsonb NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE tasks (id bigint PRIMARY KEY, tenant_id int NOT NULL, assignee_id bigint, state text NOT NULL, priority int NOT NULL, title text NOT NULL, due_at timestamptz, created_at timestamptz NOT NULL, deleted_at timestamptz);
`

/** A number from 0 to 1 by hash, another one for each salt. */
const chance = (salt: number): string => `((hashint8(n * 31 + ${salt})::bigint & 2147483647) / 2147483648.0)`
/** Skewed towards the first: a tenth has about half. */
const tenant = `(1 + floor(${tenants} * power(${chance(1)}, 3)))::int`
const since = (count: number, days: number): string =>
  `timestamptz '2026-11-01' - (${count} - n) * interval '${days} days' / ${count}`

const fill = ({ users, orders, events, tasks }: ReturnType<typeof saasRows>): Readonly<Record<string, string>> => {
  const user = (salt: number): string => `(1 + floor(${users} * power(${chance(salt)}, 2)))::bigint`
  return {
    users: `SELECT n, ${tenant}, CASE WHEN n % 3 = 0 THEN 'User' ELSE 'user' END || n || '@Example' || n % 50 || '.com', 'Name ' || n, ${since(users, 900)},
      CASE WHEN ${chance(2)} < 0.8 THEN timestamptz '2026-11-01' - ${chance(3)} * interval '200 days' END, (ARRAY['free','free','free','pro','team'])[1 + floor(5 * ${chance(4)})::int]
      FROM generate_series(1::bigint, ${users}) n`,
    orders: `SELECT n, ${tenant}, ${user(5)}, CASE WHEN ${chance(6)} < 0.02 THEN 'open' WHEN ${chance(6)} < 0.05 THEN 'failed' WHEN ${chance(6)} < 0.12 THEN 'shipped' ELSE 'done' END,
      (100 + 20000 * power(${chance(7)}, 3))::int, (ARRAY['EUR','EUR','USD','GBP'])[1 + floor(4 * ${chance(8)})::int], ${since(orders, 700)},
      CASE WHEN ${chance(6)} > 0.05 THEN ${since(orders, 700)} + ${chance(9)} * interval '3 days' END, 'R-' || lpad((n * 7919 % 100000000)::text, 8, '0')
      FROM generate_series(1::bigint, ${orders}) n`,
    events: `SELECT n, ${tenant}, ${user(10)}, (ARRAY['view','view','view','click','click','login','error','export'])[1 + floor(8 * ${chance(11)})::int],
      jsonb_build_object('session', 's' || floor(${events} / 8 * ${chance(12)})::int, 'path', '/p/' || floor(2000 * power(${chance(13)}, 2))::int, 'ms', floor(3000 * power(${chance(14)}, 4))::int),
      ${since(events, 365)} FROM generate_series(1::bigint, ${events}) n`,
    tasks: `SELECT n, ${tenant}, CASE WHEN ${chance(15)} < 0.9 THEN ${user(16)} END, CASE WHEN ${chance(17)} < 0.04 THEN 'todo' WHEN ${chance(17)} < 0.06 THEN 'doing' ELSE 'closed' END,
      floor(5 * ${chance(18)})::int, 'Task ' || n, CASE WHEN ${chance(19)} < 0.5 THEN ${since(tasks, 600)} + interval '30 days' END, ${since(tasks, 600)},
      CASE WHEN ${chance(20)} < 0.97 THEN NULL ELSE ${since(tasks, 600)} + interval '90 days' END FROM generate_series(1::bigint, ${tasks}) n`,
  }
}
