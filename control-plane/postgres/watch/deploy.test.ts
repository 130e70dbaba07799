import { readFile } from "node:fs/promises"
import { expect, test } from "vitest"
import { parseAllDocuments } from "yaml"
import * as v from "valibot"
import { hostOf } from "../../testing.ts"
import { watchCommand } from "./watch-command.ts"

const read = (name: string): Promise<string> =>
  readFile(new URL(`../../../deploy/postgres/${name}`, import.meta.url), "utf8")

const words = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "")

const job = v.object({
  spec: v.object({
    jobTemplate: v.object({
      spec: v.object({
        template: v.object({ spec: v.object({ containers: v.tuple([v.object({ args: v.array(v.string()) })]) }) }),
      }),
    }),
  }),
})

test.each([
  ["crontab", async () => words(/voltgate db (.*)/.exec(await read("crontab"))?.[1] ?? "")],
  [
    "voltgate-db-watch.service",
    async () => words(/voltgate db (.*)/.exec(await read("voltgate-db-watch.service"))?.[1] ?? ""),
  ],
  [
    "cronjob.yaml",
    async () => {
      const [document] = parseAllDocuments(await read("cronjob.yaml"))
      return v.parse(job, document?.toJS()).spec.jobTemplate.spec.template.spec.containers[0].args.slice(1)
    },
  ],
] as const)("%s calls the command as it is", async (_, find) => {
  const [name, ...args] = await find()
  expect(name).toBe("watch")
  // Past its options, the command finds that nothing listens there.
  const result = await watchCommand(
    args,
    hostOf({ environment: { DATABASE_URL: "postgres://voltgate@127.0.0.1:9/none" } }),
  )
  expect(result).toMatchObject({ exitCode: 1, text: expect.stringContaining("ECONNREFUSED") })
})
