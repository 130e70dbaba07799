// Benches: each compares Voltgate with an anchor, says under which conditions, and bounds itself in time.
import { parseArgs } from "node:util"
import type { Bench } from "./bench.ts"
import { cache } from "./cache/cache.ts"
import { headerParser } from "./header-parser/header-parser.ts"
import { faults } from "./faults/faults.ts"
import { overhead } from "./overhead/overhead.ts"
import { singleFlight } from "./single-flight/single-flight.ts"
import { pictureIdentity } from "./picture-identity/picture-identity.ts"
import { pictures } from "./pictures/pictures.ts"
import { indexAdvice } from "./index-advice/index-advice.ts"
import { adviceTime } from "./advice-time/advice-time.ts"
import { analyticAdvice } from "./index-advice/analytic-advice.ts"
import { formatConditions } from "./report.ts"
import { providerState } from "./provider-state/provider-state.ts"
import { routing } from "./routing/routing.ts"
import { scaling } from "./scaling/scaling.ts"
import { whatIf } from "./what-if/what-if.ts"

const benches: readonly Bench[] = [
  overhead,
  cache,
  pictureIdentity,
  headerParser,
  singleFlight,
  pictures,
  routing,
  providerState,
  faults,
  whatIf,
  scaling,
  indexAdvice,
  analyticAdvice,
  adviceTime,
]

const help = `Measures Voltgate against what it is compared with.

  npm run bench -- [name] [options]

${benches.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join("\n")}

  --json         one JSON object a bench: { bench, conditions, rows }
  --data FOLDER  labelled files, for the benches that read some
  --seconds N    how long each line of the table is measured
  --quick        the short form; also what runs when no bench is named
  --help         this text`

/** A mistake in the command line; its message is all that a person needs. */
class UsageError extends Error {
  override readonly name = "UsageError"
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        seconds: { type: "string" },
        data: { type: "string" },
      },
    })
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split(". ")
    throw new UsageError(`${reason}. \`npm run bench -- --help\` lists the options.`)
  }
}

const readSeconds = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined
  const seconds = Number(value)
  if (seconds >= 0.1 && seconds <= 60) return seconds
  throw new UsageError(`--seconds ${value}: give a number from 0.1 to 60.`)
}

const chosen = (name: string | undefined): readonly Bench[] => {
  if (name === undefined) return benches
  const found = benches.filter((bench) => bench.name === name)
  if (found.length > 0) return found
  throw new UsageError(`There is no bench "${name}". Known: ${benches.map((bench) => bench.name).join(", ")}.`)
}

const main = async (): Promise<void> => {
  const { values, positionals } = parse(process.argv.slice(2))
  if (values.help) return console.log(help)
  const [name, ...more] = positionals
  if (more.length > 0) throw new UsageError(`One bench at a time, please: "${more.join(" ")}" is too much.`)
  const seconds = readSeconds(values.seconds)
  for (const bench of chosen(name)) {
    const isQuick = values.quick || name === undefined
    const { report, text } = await bench.run({
      seconds: seconds ?? (isQuick ? bench.quickSeconds : bench.seconds),
      ...(values.data === undefined ? {} : { data: values.data }),
      onProgress: (step) => (values.json ? undefined : console.error(step)),
    })
    console.log(
      values.json ? JSON.stringify(report) : `\n${bench.name}: ${formatConditions(report.conditions)}\n\n${text}\n`,
    )
  }
}

// Benches end what they started when this process exits, which a signal alone would not do.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130))

try {
  await main()
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error)
  process.exit(1)
}
