import { requestKind } from "../routing/request-kind.ts"
import type { Question } from "./stages.ts"

/** The kind of a question, as estimates of response times tell them apart. */
export const kindOf = ({ queryType, images, maxOutputTokens }: Question): string =>
  requestKind({
    queryType: queryType.name,
    pixels: images.reduce((sum, { header }) => sum + header.widthPx * header.heightPx, 0),
    mostOutputTokens: maxOutputTokens ?? queryType.maxOutputTokens,
  })
