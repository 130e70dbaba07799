import { expect, test } from "vitest"
import { describeStack } from "./describe-stack.ts"

const stack = {
  url: "http://127.0.0.1:8787",
  parts: [
    ["gateway", "http://127.0.0.1:8787", "the Worker"],
    ["Redis", "http://127.0.0.1:8791/long", "in this process"],
  ],
  simulated: ["openai", "google"],
  needsKey: false,
} as const

test("lists what runs where in columns, and a command with the gateway's address", () => {
  const text = describeStack(stack)

  expect(text).toContain("  gateway  http://127.0.0.1:8787       the Worker\n")
  expect(text).toContain("  Redis    http://127.0.0.1:8791/long  in this process\n")
  expect(text).toContain("Answers of openai, google are simulated")
  expect(text).toContain("curl -s http://127.0.0.1:8787/v1/analyze -F image=@dev/samples/panel-schedule.png")
})

test("says nothing of simulated answers when every provider is real", () => {
  expect(describeStack({ ...stack, simulated: [] })).not.toContain("simulated")
})

test("shows how to send a key where the gateway asks for one", () => {
  const text = describeStack({ ...stack, needsKey: true })

  expect(text).toContain('/v1/analyze -H "authorization: Bearer $VOLTGATE_KEY" -F')
  expect(text).toContain("export VOLTGATE_KEY=vg_")
})
