import { frontDoor } from "./front-door/front-door.suite.ts"
import { startOnDeno } from "./gateways.ts"

frontDoor("Deno", startOnDeno)
