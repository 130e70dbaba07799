import { frontDoor } from "./front-door/front-door.suite.ts"
import { startOnWorkerd } from "./gateways.ts"

frontDoor("workerd", startOnWorkerd)
