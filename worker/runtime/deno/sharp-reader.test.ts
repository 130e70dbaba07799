import { pictureReaderSuite } from "../../ports/picture-reader.suite.ts"
import { createSharpReader } from "./sharp-reader.ts"

pictureReaderSuite("sharp", createSharpReader)
