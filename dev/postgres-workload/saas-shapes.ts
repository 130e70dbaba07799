import type { saasRows } from "./create-saas.ts"

type Rows = ReturnType<typeof saasRows>

/** A kind of statement that the company's program sends, with parameters as its driver sends them. */
export interface Shape {
  readonly name: string
  /** How often, beside the others. */
  readonly weight: number
  readonly sql: string
  readonly parameters: (random: () => number, rows: Rows) => readonly unknown[]
}

const int = (random: () => number, most: number, power = 1): number => 1 + Math.floor(most * random() ** power)
const tenant = (random: () => number): number => int(random, 500, 3)
const user = (random: () => number, { users }: Rows): number => int(random, users, 2)
const daysAgo = (random: () => number, most: number): Date =>
  new Date(Date.UTC(2026, 10, 1) - random() * most * 86_400_000)
const pick = <T>(random: () => number, from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)]

export const saasShapes: readonly Shape[] = [
  {
    name: "user by email",
    weight: 40,
    sql: "SELECT id, name, plan FROM users WHERE lower(email) = $1",
    parameters: (random, { users }) => {
      const n = int(random, users)
      return [`user${n}@example${n % 50}.com`]
    },
  },
  {
    name: "user by id",
    weight: 60,
    sql: "SELECT * FROM users WHERE id = $1",
    parameters: (random, { users }) => [int(random, users)],
  },
  {
    name: "orders of a user",
    weight: 30,
    sql: "SELECT id, status, total_cents, created_at FROM orders WHERE user_id = $1 ORDER BY created_at DESC LIMIT 20",
    parameters: (random, rows) => [user(random, rows)],
  },
  {
    name: "open orders of a tenant",
    weight: 20,
    sql: "SELECT id, user_id, created_at FROM orders WHERE tenant_id = $1 AND status = $2 ORDER BY created_at LIMIT 50",
    parameters: (random) => [tenant(random), "open"],
  },
  {
    name: "order by reference",
    weight: 15,
    sql: "SELECT * FROM orders WHERE reference = $1",
    parameters: (random, { orders }) => [`R-${String((int(random, orders) * 7919) % 100_000_000).padStart(8, "0")}`],
  },
  {
    name: "references that begin with",
    weight: 5,
    sql: "SELECT id, reference FROM orders WHERE reference LIKE $1 ORDER BY reference LIMIT 10",
    parameters: (random) => [`R-${String(Math.floor(random() * 100_000)).padStart(5, "0")}%`],
  },
  {
    name: "revenue of a tenant by day",
    weight: 4,
    sql: "SELECT date_trunc('day', created_at) AS day, sum(total_cents) FROM orders WHERE tenant_id = $1 AND created_at >= $2 GROUP BY 1 ORDER BY 1",
    parameters: (random) => [tenant(random), daysAgo(random, 60)],
  },
  {
    name: "unpaid orders",
    weight: 3,
    sql: "SELECT count(*) FROM orders WHERE paid_at IS NULL AND created_at < $1",
    parameters: (random) => [daysAgo(random, 30)],
  },
  {
    name: "failed orders lately",
    weight: 4,
    sql: "SELECT id, tenant_id FROM orders WHERE status = $1 AND created_at > $2",
    parameters: (random) => ["failed", daysAgo(random, 7)],
  },
  {
    name: "orders with their users",
    weight: 6,
    sql: "SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.user_id WHERE o.tenant_id = $1 AND o.created_at > $2 ORDER BY o.created_at DESC LIMIT 30",
    parameters: (random) => [tenant(random), daysAgo(random, 90)],
  },
  {
    name: "events of a session",
    weight: 25,
    sql: "SELECT id, kind, created_at FROM events WHERE payload @> $1 ORDER BY created_at",
    parameters: (random, { events }) => [JSON.stringify({ session: `s${int(random, Math.floor(events / 8)) - 1}` })],
  },
  {
    name: "events of a path",
    weight: 6,
    sql: "SELECT count(*) FROM events WHERE payload ->> 'path' = $1",
    parameters: (random) => [`/p/${int(random, 2_000, 2) - 1}`],
  },
  {
    name: "last events of a user",
    weight: 20,
    sql: "SELECT id, kind, created_at FROM events WHERE user_id = $1 ORDER BY created_at DESC LIMIT 50",
    parameters: (random, rows) => [user(random, rows)],
  },
  {
    name: "events in an hour",
    weight: 5,
    sql: "SELECT kind, count(*) FROM events WHERE created_at >= $1 AND created_at < $2 GROUP BY kind",
    parameters: (random) => {
      const from = daysAgo(random, 300)
      return [from, new Date(from.getTime() + 3_600_000)]
    },
  },
  {
    name: "errors of a tenant",
    weight: 8,
    sql: "SELECT id, payload FROM events WHERE tenant_id = $1 AND kind = $2 AND created_at > $3 ORDER BY created_at DESC LIMIT 100",
    parameters: (random) => [tenant(random), "error", daysAgo(random, 30)],
  },
  {
    name: "open tasks of somebody",
    weight: 25,
    sql: "SELECT id, title, due_at FROM tasks WHERE assignee_id = $1 AND deleted_at IS NULL AND state IN ($2, $3) ORDER BY priority DESC, due_at LIMIT 25",
    parameters: (random, rows) => [user(random, rows), "todo", "doing"],
  },
  {
    name: "overdue tasks",
    weight: 4,
    sql: "SELECT tenant_id, count(*) FROM tasks WHERE state = $1 AND due_at < $2 GROUP BY tenant_id",
    parameters: (random) => [pick(random, ["todo", "doing"]), daysAgo(random, 30)],
  },
  {
    name: "a task is closed",
    weight: 10,
    sql: "UPDATE tasks SET state = $1 WHERE id = $2",
    parameters: (random, { tasks }) => [pick(random, ["closed", "doing"]), int(random, tasks)],
  },
]
