import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { hostOf } from "../../testing.ts"
import { jsonSchema } from "../policies/json-schema.ts"
import { PolicyFile } from "../policies/policy-schema.ts"
import { validateCommand } from "./validate-command.ts"

const folder = mkdtempSync(join(tmpdir(), "voltgate-validate-"))
afterAll(() => rmSync(folder, { recursive: true }))
const fileOf = (text: string): string => {
  const file = join(folder, "policies.yaml")
  writeFileSync(file, text)
  return file
}
const validate = validateCommand
const broken = "policies:\n  - name: a\n    deployment: x\n    replicas: { min: 5, max: 3 }\n    stepp: {}\n"

test("says what each policy of a good file would do", async () => {
  const { text, exitCode } = await validate(["examples/policies.yaml"], hostOf())
  expect(exitCode).toBe(0)
  expect(text).toContain("api-gateway: default/api-gateway, 3 to 10 replicas, observes only")
  expect(text).toContain("above 70 %")
  expect(text).toMatch(/3 policies, no problem\.$/)
})

test("names each problem as compilers do, and fails", async () => {
  const file = fileOf(broken)
  const { text, exitCode } = await validate([file], hostOf())
  expect(exitCode).toBe(1)
  expect(text).toContain(`${file}:5:5 \`stepp\` is no key here; did you mean step?`)
  const json: unknown = JSON.parse((await validate([file, "--json"], hostOf())).text)
  expect(json).toMatchObject({
    ok: false,
    problems: [
      { line: 4, column: 22 },
      { line: 5, column: 5, path: "policies[0].stepp" },
    ],
  })
})

test("a file that is not there is said to be so, without a stack", async () => {
  await expect(validate(["nowhere.yaml"], hostOf())).rejects.toThrow("nowhere.yaml: there is no such file.")
  await expect(validate([], hostOf())).rejects.toThrow("policies.yaml: there is no such file.")
  await expect(validate(["a", "b"], hostOf())).rejects.toThrow("Name one file")
  await expect(validate([folder], hostOf())).rejects.toThrow("this is a folder")
})

test("the JSON schema in the tree is the one that the program itself checks by; --schema prints it", async () => {
  const kept: unknown = JSON.parse(readFileSync("control-plane/kubernetes/policies/policies.schema.json", "utf8"))
  expect(kept).toEqual(JSON.parse(JSON.stringify(jsonSchema(PolicyFile))))
  expect(JSON.parse((await validate(["--schema"], hostOf())).text)).toEqual(kept)
})
