import { createRequire } from "node:module"

/** The workerd that wrangler brings along: the very one that the Worker runs in everywhere else here. */
export interface WorkerdPackage {
  readonly binary: string
  readonly version: string
}

/** Throws when it is not installed. */
export const findWorkerd = (): WorkerdPackage => {
  const load = createRequire(createRequire(import.meta.url).resolve("wrangler"))
  const loaded: unknown = load("workerd")
  const field = (name: string): string => {
    const value: unknown = typeof loaded === "object" && loaded !== null ? Reflect.get(loaded, name) : undefined
    if (typeof value === "string") return value
    throw new Error(
      `The package workerd has no ${name} any more; read its main file and mend bench/workerd-package.ts.`,
    )
  }
  return { binary: field("default"), version: field("version") }
}
