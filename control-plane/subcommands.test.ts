import { expect, test } from "vitest"
import { familyOf } from "./subcommands.ts"
import { hostOf } from "./testing.ts"

const family = familyOf(
  "voltgate db",
  "Looks after a database.",
  [
    { name: "report", about: "shows how it does", run: async (args) => ({ text: args.join(" "), exitCode: 0 }) },
    { name: "advise", about: "says what to do", run: async () => ({ text: "advice", exitCode: 3 }) },
  ],
  "Exit codes: 0 no failure.",
)

test("hands the rest of the line to the command that is named", async () => {
  expect(await family(["report", "--json"], hostOf())).toEqual({ text: "--json", exitCode: 0 })
})

test("its help lists every command, with the exit codes", async () => {
  const { text } = await family(["--help"], hostOf())
  expect(text).toMatch(/voltgate db report {2}shows how it does\n {2}voltgate db advise {2}says what to do/)
  expect(text).toMatch(/Exit codes: 0 no failure\.$/)
})

test.each([
  [[], "Name a command: report, advise"],
  [["reprot"], "did you mean report?"],
])("a wrong call says what there is: %j", async (args, said) => {
  await expect(family(args, hostOf())).rejects.toThrow(said)
})
