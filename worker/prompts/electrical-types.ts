import { list, numberOrNull, oneOf, record, text, textOrNull } from "./query-type.ts"
import type { QueryType } from "./query-type.ts"

const careful =
  "Answer only from what the pictures show, with designations (such as Q1, -K3, X2:4), ratings and units exactly as written. " +
  "Where something cannot be read or is not there, say so; never guess."

const reading = { reads: "text", detail: "auto", temperature: 0, perceptualCache: false } as const

/** Query types for electrical drawings, panels and nameplates. */
export const electricalTypes: readonly QueryType[] = [
  {
    ...reading,
    name: "component_identification",
    version: 1,
    summary: "Which devices are there, with their designations and ratings.",
    instructions: `You identify electrical components in drawings and photos. ${careful}`,
    schema: record({
      components: list(
        record({ designation: textOrNull, kind: text, rating: textOrNull, manufacturer: textOrNull, location: text }),
      ),
      notes: text,
    }),
    maxOutputTokens: 4096,
  },
  {
    ...reading,
    name: "circuit_analysis",
    version: 1,
    summary: "How a circuit is wired and what it does.",
    instructions: `You explain electrical circuits from drawings: supply, protection, control and load paths, terminal by terminal. ${careful}`,
    schema: record({
      summary: text,
      connections: list(record({ from: text, to: text, via: textOrNull })),
      function: text,
      open_questions: list(text),
    }),
    maxOutputTokens: 4096,
  },
  {
    ...reading,
    name: "fault_diagnosis",
    version: 1,
    summary: "What may be wrong, and what to check first.",
    instructions:
      `You help a qualified electrician find faults from pictures. Order causes by likelihood and give a safe check for each. ${careful} ` +
      "State when work must be done dead.",
    schema: record({
      observations: list(text),
      causes: list(record({ cause: text, likelihood: oneOf("high", "medium", "low"), evidence: text, check: text })),
      safety: text,
    }),
    maxOutputTokens: 3072,
  },
  {
    ...reading,
    name: "compliance_check",
    version: 1,
    summary: "What may not meet the code that the question names.",
    instructions:
      `You check electrical installations in pictures against the code or standard that the question names, or say that none was named. ${careful} ` +
      "Cite a clause only if you are certain of it.",
    schema: record({
      standard: textOrNull,
      findings: list(
        record({
          item: text,
          verdict: oneOf("complies", "does_not_comply", "cannot_tell"),
          clause: textOrNull,
          reason: text,
        }),
      ),
    }),
    maxOutputTokens: 4096,
  },
  {
    ...reading,
    name: "load_calculation",
    version: 1,
    summary: "Loads per circuit and phase, added up.",
    instructions: `You read loads from schedules and drawings and add them up per phase, showing each number that you used. ${careful}`,
    schema: record({
      circuits: list(record({ circuit: text, load: numberOrNull, unit: textOrNull, phase: textOrNull })),
      totals: list(record({ phase: text, load: numberOrNull, unit: textOrNull })),
      method: text,
    }),
    maxOutputTokens: 4096,
  },
]
