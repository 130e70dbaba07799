import type { Label, LabelKind } from "./sample-facts.ts"
import { textAsSvg, textWidthPx } from "./stroke-font.ts"

export type Point = readonly [xPx: number, yPx: number]

export interface Pen {
  readonly color?: string
  readonly widthPx?: number
  readonly dashPx?: readonly number[]
  readonly fill?: string
}

interface Lettering {
  /** Which point of the text `at` names; the height is always the middle of the capitals. */
  readonly align?: "left" | "middle" | "right"
  readonly capHeightPx: number
  readonly color?: string
  /** Thickness of the strokes as a part of the cap height; 0.12 is plain, 0.18 bold. */
  readonly weight?: number
}

/** A drawing in the making, in pixels from the upper left corner: shapes in painting order, and every label with its place. */
export interface Sheet {
  readonly widthPx: number
  readonly heightPx: number
  readonly labels: readonly Label[]
  readonly line: (points: readonly Point[], pen?: Pen) => void
  readonly rect: (
    leftPx: number,
    topPx: number,
    widthPx: number,
    heightPx: number,
    pen?: Pen & { readonly radiusPx?: number },
  ) => void
  readonly circle: (center: Point, radiusPx: number, pen?: Pen) => void
  readonly path: (d: string, pen?: Pen) => void
  /** Any SVG, for what the others cannot say: gradients, filters. */
  readonly svg: (markup: string) => void
  readonly text: (kind: LabelKind, text: string, at: Point, lettering: Lettering) => void
  /** The whole drawing as an SVG document, tilted around its center; without its text if asked. */
  readonly document: (options?: {
    readonly tiltDeg?: number
    readonly background?: string
    readonly withText?: boolean
  }) => string
}

const ink = "#101418"

const penAsSvg = ({ color = ink, widthPx = 3, dashPx, fill = "none" }: Pen): string =>
  `fill="${fill}" stroke="${color}" stroke-width="${widthPx}"${dashPx === undefined ? "" : ` stroke-dasharray="${dashPx.join(" ")}"`}`

const rounded = (px: number) => Math.round(px * 10) / 10

export const createSheet = (widthPx: number, heightPx: number): Sheet => {
  const shapes: { readonly markup: string; readonly isText: boolean }[] = []
  const labels: Label[] = []
  const draw = (markup: string) => void shapes.push({ markup, isText: false })
  return {
    widthPx,
    heightPx,
    labels,
    line: (points, pen = {}) =>
      draw(`<polyline points="${points.join(" ")}" stroke-linejoin="round" ${penAsSvg(pen)}/>`),
    rect: (leftPx, topPx, width, height, { radiusPx = 0, ...pen } = {}) =>
      draw(`<rect x="${leftPx}" y="${topPx}" width="${width}" height="${height}" rx="${radiusPx}" ${penAsSvg(pen)}/>`),
    circle: ([x, y], radiusPx, pen = {}) => draw(`<circle cx="${x}" cy="${y}" r="${radiusPx}" ${penAsSvg(pen)}/>`),
    path: (d, pen = {}) => draw(`<path d="${d}" stroke-linejoin="round" ${penAsSvg(pen)}/>`),
    svg: draw,
    text: (kind, text, [x, y], { align = "left", capHeightPx, color = ink, weight = 0.12 }) => {
      const width = textWidthPx(text, capHeightPx)
      const leftPx = x - { left: 0, middle: width / 2, right: width }[align]
      const topPx = y - capHeightPx / 2
      const penPx = Math.max(1.3, capHeightPx * weight)
      shapes.push({
        markup: `<g stroke="${color}">${textAsSvg(text, leftPx, topPx, capHeightPx, penPx)}</g>`,
        isText: true,
      })
      labels.push({
        text,
        kind,
        leftPx: rounded(leftPx),
        topPx: rounded(topPx),
        widthPx: rounded(width),
        heightPx: capHeightPx,
        capHeightPx,
      })
    },
    document: ({ tiltDeg = 0, background, withText = true } = {}) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}">` +
      (background === undefined ? "" : `<rect width="${widthPx}" height="${heightPx}" fill="${background}"/>`) +
      `<g transform="rotate(${tiltDeg} ${widthPx / 2} ${heightPx / 2})">` +
      shapes.map(({ markup, isText }) => (isText && !withText ? "" : markup)).join("") +
      "</g></svg>",
  }
}

/** Where the labels lie once the sheet is tilted clockwise around its center: upright boxes around the tilted ones. */
export const tiltedLabels = ({ labels, widthPx, heightPx }: Sheet, tiltDeg: number): readonly Label[] => {
  const angle = (tiltDeg * Math.PI) / 180
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)]
  return labels.map((label) => {
    const dx = label.leftPx + label.widthPx / 2 - widthPx / 2
    const dy = label.topPx + label.heightPx / 2 - heightPx / 2
    const width = label.widthPx * cos + label.heightPx * Math.abs(sin)
    const height = label.widthPx * Math.abs(sin) + label.heightPx * cos
    return {
      ...label,
      leftPx: rounded(widthPx / 2 + dx * cos - dy * sin - width / 2),
      topPx: rounded(heightPx / 2 + dx * sin + dy * cos - height / 2),
      widthPx: rounded(width),
      heightPx: rounded(height),
    }
  })
}
