import { afterAll, beforeAll, beforeEach, describe } from "vitest"
import { startWorld } from "../world.ts"
import type { StartGateway, World } from "../world.ts"
import { analyzeSuite } from "./analyze.suite.ts"
import { cacheSuite } from "./cache.suite.ts"
import { chatSuite } from "./chat.suite.ts"
import { untilStoreAnswers } from "./client.ts"
import { faultsSuite } from "./faults.suite.ts"
import { feedbackSuite } from "./feedback.suite.ts"
import { modesSuite } from "./modes.suite.ts"
import { messagesSuite } from "./messages.suite.ts"
import { picturesSuite } from "./pictures.suite.ts"
import { ordersSuite } from "./orders.suite.ts"
import { settingsSuite } from "./settings.suite.ts"
import { singleFlightFrontDoor } from "./single-flight.suite.ts"

/** Everything that a client can see of the gateway, the same on every runtime. */
export const frontDoor = (runtime: string, start: StartGateway): void => {
  describe(`the gateway on ${runtime}`, { timeout: 30_000 }, () => {
    let world: World | undefined
    const running = (): World => {
      if (world === undefined) throw new Error("The gateway did not start.")
      return world
    }
    beforeAll(async () => {
      world = await startWorld(start)
    }, 60_000)
    beforeEach(() => untilStoreAnswers(running()))
    afterAll(() => world?.stop(), 30_000)

    analyzeSuite(running)
    cacheSuite(running, { confidence: 0.98 })
    chatSuite(running)
    messagesSuite(running)
    faultsSuite(running)
    modesSuite(running)
    singleFlightFrontDoor(running)
    picturesSuite(running)
    feedbackSuite(running)
    ordersSuite(running)
    settingsSuite(start)
  })

  describe(`the gateway on ${runtime}, without Redis`, { timeout: 30_000 }, () => {
    let world: World | undefined
    beforeAll(async () => {
      world = await startWorld(start, {
        UPSTASH_REDIS_REST_URL: undefined,
        UPSTASH_REDIS_REST_TOKEN: undefined,
        VOLTGATE_CACHE_CONFIDENCE: "0.8",
      })
    }, 60_000)
    beforeEach(() => untilStoreAnswers(running()))
    afterAll(() => world?.stop(), 30_000)

    const running = (): World => {
      if (world === undefined) throw new Error("The gateway did not start.")
      return world
    }
    cacheSuite(running, { confidence: 0.8 })
  })
}
