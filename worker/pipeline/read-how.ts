import { How } from "../../contract/mode.ts"
import { validate } from "./validate.ts"

const headerOf: Readonly<Record<keyof How, string>> = {
  mode: "x-voltgate-mode",
  consensus: "x-voltgate-consensus",
  maxWaitMs: "x-voltgate-max-wait-ms",
}

/** What most requests say of it. */
const nothingSaid = validate(How, {})

/** How an answer is to be found, from the headers of a request whose body has no fields of ours. */
export const readHow = (headers: Pick<Headers, "get">): How => {
  const read = (name: keyof How): Readonly<Record<string, unknown>> => {
    const value = headers.get(headerOf[name])?.trim()
    if (value === undefined) return {}
    return { [name]: name === "mode" || value === "" ? value : Number(value) }
  }
  const said = { ...read("mode"), ...read("consensus"), ...read("maxWaitMs") }
  return Object.keys(said).length === 0 ? nothingSaid : validate(How, said)
}
