import photonWasm from "@cf-wasm/photon/photon.wasm"
import { pictureReaderSuite } from "../../ports/picture-reader.suite.ts"
import { createPictureHost } from "./picture-engine.ts"

pictureReaderSuite("of a Worker", () => createPictureHost({ photon: photonWasm }).reader)
