import type { RunningStack } from "./stack.ts"

/** What runs where, what is simulated, and a command to try. */
export const describeStack = ({ url, parts, simulated, needsKey }: Omit<RunningStack, "stop">): string => {
  const widths = [0, 1].map((column) => Math.max(...parts.map((part) => part[column]?.length ?? 0)))
  const rows = parts.map(
    ([name, address, what]) => `  ${name.padEnd(widths[0] ?? 0)}  ${address.padEnd(widths[1] ?? 0)}  ${what}`,
  )
  const note =
    simulated.length === 0
      ? ""
      : `\nAnswers of ${simulated.join(", ")} are simulated, and say so. Put real keys into .dev.vars to ask the real ones.\n`
  const key = needsKey ? ' -H "authorization: Bearer $VOLTGATE_KEY"' : ""
  const keyNote = needsKey ? "\nVOLTGATE_KEYS is set in .dev.vars, so first: export VOLTGATE_KEY=vg_…\n" : ""
  return `
Voltgate is running.

${rows.join("\n")}
${note}${keyNote}
Try it, from this folder; ask twice, and the second answer comes from the cache:

  curl -s ${url}/v1/analyze${key} -F image=@dev/samples/panel-schedule.png -F query="Which breakers are there, and at what rating?"

Ctrl-C ends everything.`
}
