import * as v from "valibot"
import { parseAllDocuments } from "yaml"
import { Hpa, importHpa } from "./read-hpa.ts"
import type { Imported } from "./read-hpa.ts"
import { readOriginal } from "./read-original.ts"
import { importScaledObject, ScaledObject } from "./read-scaled-object.ts"

const List = v.object({
  kind: v.picklist(["List", "HorizontalPodAutoscalerList", "ScaledObjectList"]),
  items: v.array(v.unknown()),
})

/** Whatever of a file can become policies: HorizontalPodAutoscalers and ScaledObjects (YAML or JSON, also lists), or the first shape in TypeScript. */
export const importPolicies = (text: string): readonly Imported[] => {
  const objects = readObjects(text).flatMap((object) => {
    const list = v.safeParse(List, object)
    return list.success ? list.output.items : [object]
  })
  const imported = objects.flatMap((object): readonly Imported[] => {
    const hpa = v.safeParse(Hpa, object)
    if (hpa.success) return [importHpa(hpa.output)]
    const scaled = v.safeParse(ScaledObject, object)
    return scaled.success ? [importScaledObject(scaled.output)] : []
  })
  return imported.length > 0 ? imported : (readOriginal(text) ?? [])
}

const readObjects = (text: string): readonly unknown[] => {
  const documents = parseAllDocuments(text, { prettyErrors: false })
  if (!Array.isArray(documents)) return []
  return documents.flatMap((document) =>
    document.errors.length > 0 ? [] : [document.toJS({ maxAliasCount: 100 }) as unknown],
  )
}
