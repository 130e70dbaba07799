import type { ObjectStore } from "../kubernetes/object-store.ts"
import { resources } from "../kubernetes/objects.ts"
import type { Resource } from "../kubernetes/objects.ts"

const startupS = { least: 45, most: 67 } as const

const deployments = ((): Resource => {
  const found = resources.find(({ plural }) => plural === "deployments")
  if (found === undefined) throw new Error("The API server knows no deployments.")
  return found
})()

/** Does what a cluster's controllers do for one deployment: starts what is asked for, in its time, and says what is ready. */
export interface DemoCluster {
  /** Lets time pass; gives what is ready and asked for then. */
  readonly settle: (nowS: number) => { readonly ready: number; readonly asked: number }
}

export const createDemoCluster = (
  store: ObjectStore,
  name: string,
  replicas: number,
  random: () => number,
): DemoCluster => {
  store.create(deployments, "default", {
    metadata: { name },
    spec: { replicas, selector: { matchLabels: { app: name } } },
    status: { replicas, readyReplicas: replicas, updatedReplicas: replicas },
  })
  let ready = replicas
  let starting: number[] = []
  return {
    settle: (nowS) => {
      const found = store.get(deployments, "default", name)
      const asked = Number(found.spec?.["replicas"] ?? 1)
      while (ready + starting.length < asked)
        starting.push(nowS + startupS.least + random() * (startupS.most - startupS.least))
      while (ready + starting.length > asked) {
        // Those that are still starting go first.
        if (starting.pop() === undefined) ready--
      }
      ready += starting.filter((at) => at <= nowS).length
      starting = starting.filter((at) => at > nowS)
      const status = { replicas: asked, updatedReplicas: asked, readyReplicas: ready }
      if (JSON.stringify(found.status) !== JSON.stringify(status))
        store.replace(deployments, "default", name, { ...found, status })
      return { ready, asked }
    },
  }
}
