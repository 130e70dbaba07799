import * as v from "valibot"
import { KubeError } from "./kube-error.ts"

/** An answer in the shape that is needed. Throws a KubeError `unreadable` that names the first field that is not. */
export const read = <S extends v.GenericSchema>(schema: S, body: unknown, what: string): v.InferOutput<S> => {
  const result = v.safeParse(schema, body)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new KubeError(
    "unreadable",
    `The API server's ${what} is not as expected, at ${v.getDotPath(issue) ?? "its root"}.`,
  )
}
