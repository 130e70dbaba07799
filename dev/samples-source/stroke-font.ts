/**
 * A lettering font of strokes in the manner of technical drawings, drawn for these samples. A bare machine has no fonts
 * at all and two machines seldom have the same, so `<text>` would make the pictures differ from one to the next.
 *
 * One glyph is its width and an SVG path, ten units from the top of a capital (y = 0) to the baseline (y = 10);
 * small letters begin at y = 3, tails end at y = 13.
 */
type Glyph = readonly [width: number, path: string]

const digits: Readonly<Record<string, Glyph>> = {
  0: [5.8, "M2.9 0C1.1 0 0 1.8 0 5S1.1 10 2.9 10S5.8 8.2 5.8 5S4.7 0 2.9 0Z"],
  1: [3, "M0 2.6L3 0V10"],
  2: [5.8, "M.1 2.6C.2 1 1.3 0 2.9 0C4.6 0 5.6 1.1 5.6 2.7C5.6 5 3.4 6.2 0 10H5.8"],
  3: [
    5.6,
    "M.2 2C.6 .7 1.5 0 2.8 0C4.4 0 5.3 1 5.3 2.4C5.3 3.9 4.2 4.7 2.2 4.7C4.5 4.7 5.6 5.7 5.6 7.3C5.6 9 4.5 10 2.8 10C1.3 10 .3 9.2 0 7.8",
  ],
  4: [6, "M4.4 10V0L0 7H6"],
  5: [5.6, "M5.2 0H.8L.4 4.6C1 4 1.8 3.7 2.7 3.7C4.5 3.7 5.6 4.9 5.6 6.8C5.6 8.8 4.4 10 2.7 10C1.3 10 .3 9.3 0 8"],
  6: [
    5.8,
    "M5.3 1.8C4.9 .6 4.1 0 3.1 0C1.1 0 0 1.9 0 5.4C0 8.4 1 10 2.9 10C4.6 10 5.8 8.8 5.8 6.9S4.7 4 3 4C1.5 4 .3 4.9 0 6.2",
  ],
  7: [5.6, "M0 0H5.6L2 10"],
  8: [
    5.8,
    "M2.9 4.7C1.4 4.7 .5 3.8 .5 2.3S1.4 0 2.9 0S5.3 .9 5.3 2.3S4.4 4.7 2.9 4.7C1.1 4.7 0 5.7 0 7.3S1.1 10 2.9 10S5.8 8.9 5.8 7.3S4.7 4.7 2.9 4.7Z",
  ],
  9: [
    5.8,
    "M.5 8.2C.9 9.4 1.7 10 2.7 10C4.7 10 5.8 8.1 5.8 4.6C5.8 1.6 4.8 0 2.9 0C1.2 0 0 1.2 0 3.1S1.1 6 2.8 6C4.3 6 5.5 5.1 5.8 3.8",
  ],
}

const capitals: Readonly<Record<string, Glyph>> = {
  A: [7, "M0 10L3.5 0L7 10M1.2 6.6H5.8"],
  B: [6, "M0 4.8H3.4A2.6 2.6 0 0 1 3.4 10H0V0H3.1A2.4 2.4 0 0 1 3.1 4.8"],
  C: [6.3, "M6.3 2.4C5.9 .9 4.8 0 3.4 0C1.4 0 0 1.8 0 5S1.4 10 3.4 10C4.8 10 5.9 9.1 6.3 7.6"],
  D: [6.4, "M0 0V10H2.4C5 10 6.4 8.2 6.4 5S5 0 2.4 0Z"],
  E: [5.4, "M5.4 0H0V10H5.4M0 4.8H4.4"],
  F: [5.2, "M5.2 0H0V10M0 4.8H4.2"],
  G: [6.6, "M6.3 2.4C5.9 .9 4.8 0 3.4 0C1.4 0 0 1.8 0 5S1.4 10 3.4 10C5.4 10 6.6 8.6 6.6 5.8V5.4H3.8"],
  H: [6.2, "M0 0V10M6.2 0V10M0 4.8H6.2"],
  I: [2.6, "M1.3 0V10M0 0H2.6M0 10H2.6"],
  J: [4.6, "M4.6 0V7C4.6 9 3.8 10 2.3 10S0 9 0 7.4"],
  K: [6, "M0 0V10M5.8 0L0 6.2M2.2 3.9L6 10"],
  L: [5, "M0 0V10H5"],
  M: [7.6, "M0 10V0L3.8 6.6L7.6 0V10"],
  N: [6.4, "M0 10V0L6.4 10V0"],
  O: [7, "M3.5 0C1.3 0 0 1.8 0 5S1.3 10 3.5 10S7 8.2 7 5S5.7 0 3.5 0Z"],
  P: [6, "M0 10V0H3.2A2.8 2.8 0 0 1 3.2 5.6H0"],
  Q: [7, "M3.5 0C1.3 0 0 1.8 0 5S1.3 10 3.5 10S7 8.2 7 5S5.7 0 3.5 0ZM4.4 7.4L7 10.8"],
  R: [6.2, "M0 10V0H3.2A2.8 2.8 0 0 1 3.2 5.6H0M3 5.6L6.2 10"],
  S: [6, "M5.7 2C5.3 .7 4.4 0 3 0C1.3 0 .2 1 .2 2.5C.2 6 6 4 6 7.4C6 9 4.8 10 3 10C1.4 10 .3 9.2 0 7.8"],
  T: [6, "M0 0H6M3 0V10"],
  U: [6.2, "M0 0V6.6C0 8.8 1.1 10 3.1 10S6.2 8.8 6.2 6.6V0"],
  V: [6.6, "M0 0L3.3 10L6.6 0"],
  W: [9, "M0 0L2.2 10L4.5 1.4L6.8 10L9 0"],
  X: [6, "M0 0L6 10M6 0L0 10"],
  Y: [6, "M0 0L3 4.8L6 0M3 4.8V10"],
  Z: [6, "M0 0H6L0 10H6"],
}

const smallLetters: Readonly<Record<string, Glyph>> = {
  a: [5, "M5 3V10M5 5C4.6 3.7 3.7 3 2.6 3C1 3 0 4.3 0 6.5S1 10 2.6 10C3.7 10 4.6 9.3 5 8"],
  b: [5, "M0 0V10M0 5C.4 3.7 1.3 3 2.4 3C4 3 5 4.3 5 6.5S4 10 2.4 10C1.3 10 .4 9.3 0 8"],
  c: [4.6, "M4.6 4.6C4.3 3.6 3.6 3 2.5 3C1 3 0 4.3 0 6.5S1 10 2.5 10C3.6 10 4.3 9.4 4.6 8.4"],
  d: [5, "M5 0V10M5 5C4.6 3.7 3.7 3 2.6 3C1 3 0 4.3 0 6.5S1 10 2.6 10C3.7 10 4.6 9.3 5 8"],
  e: [5, "M.1 6.3H5C5 4.2 4.1 3 2.6 3C1 3 0 4.3 0 6.5S1 10 2.7 10C3.7 10 4.5 9.5 4.8 8.6"],
  f: [3.4, "M3.4 .2C3 0 2.7 0 2.4 0C1.5 0 1.1 .6 1.1 1.7V10M0 3.2H3"],
  g: [
    5,
    "M5 3V10.6C5 12.2 4.1 13 2.6 13C1.6 13 .8 12.6 .4 11.9M5 5C4.6 3.7 3.7 3 2.6 3C1 3 0 4.3 0 6.5S1 10 2.6 10C3.7 10 4.6 9.3 5 8",
  ],
  h: [4.8, "M0 0V10M0 5.2C.5 3.8 1.4 3 2.6 3C4.1 3 4.8 3.9 4.8 5.6V10"],
  i: [0.6, "M.3 3V10M.3 .7V.9"],
  j: [2, "M1.7 3V11.2C1.7 12.4 1.2 13 .2 13M1.7 .7V.9"],
  k: [4.6, "M0 0V10M4.4 3L0 7.4M1.7 5.8L4.6 10"],
  l: [1.6, "M.2 0V8.6C.2 9.6 .7 10 1.6 10"],
  m: [7.6, "M0 3V10M0 5C.4 3.7 1 3 2 3C3.2 3 3.8 3.8 3.8 5.2V10M3.8 5C4.2 3.7 4.9 3 5.8 3C7 3 7.6 3.8 7.6 5.2V10"],
  n: [4.8, "M0 3V10M0 5.2C.5 3.8 1.4 3 2.6 3C4.1 3 4.8 3.9 4.8 5.6V10"],
  o: [5.2, "M2.6 3C1 3 0 4.3 0 6.5S1 10 2.6 10S5.2 8.7 5.2 6.5S4.2 3 2.6 3Z"],
  p: [5, "M0 3V13M0 5C.4 3.7 1.3 3 2.4 3C4 3 5 4.3 5 6.5S4 10 2.4 10C1.3 10 .4 9.3 0 8"],
  q: [5, "M5 3V13M5 5C4.6 3.7 3.7 3 2.6 3C1 3 0 4.3 0 6.5S1 10 2.6 10C3.7 10 4.6 9.3 5 8"],
  r: [3.2, "M0 3V10M0 5.4C.4 3.9 1.3 3 2.4 3C2.7 3 3 3.1 3.2 3.2"],
  s: [
    4.4,
    "M4.2 4.4C3.9 3.5 3.2 3 2.2 3C1 3 .2 3.7 .2 4.8C.2 7.2 4.4 5.6 4.4 8.2C4.4 9.3 3.5 10 2.2 10C1 10 .3 9.5 0 8.6",
  ],
  t: [3.4, "M1.2 .8V8.3C1.2 9.4 1.7 10 2.6 10C2.9 10 3.2 9.9 3.4 9.8M0 3H3.2"],
  u: [4.8, "M0 3V7.4C0 9.1 .7 10 2.2 10C3.4 10 4.3 9.2 4.8 7.8M4.8 3V10"],
  v: [5, "M0 3L2.5 10L5 3"],
  w: [7.2, "M0 3L1.8 10L3.6 4L5.4 10L7.2 3"],
  x: [4.8, "M0 3L4.8 10M4.8 3L0 10"],
  y: [5, "M0 3L2.6 10M5 3L2.3 10.8C1.8 12.3 1.2 13 .2 13"],
  z: [4.6, "M0 3H4.6L0 10H4.6"],
}

const signs: Readonly<Record<string, Glyph>> = {
  " ": [3.2, ""],
  ".": [1.2, "M.3 9.5H.9V9.8H.3Z"],
  ",": [1, "M.8 9.5V10L.1 11.8"],
  ":": [1.2, "M.3 4.2H.9V4.5H.3ZM.3 9.5H.9V9.8H.3Z"],
  "-": [3.6, "M0 5.4H3.6"],
  "+": [5, "M0 5.4H5M2.5 2.9V7.9"],
  "/": [4.4, "M0 11L4.4 -.6"],
  "(": [2, "M2 -.8C.6 1 0 2.9 0 5S.6 9 2 10.8"],
  ")": [2, "M0 -.8C1.4 1 2 2.9 2 5S1.4 9 0 10.8"],
  "=": [4.6, "M0 4.2H4.6M0 6.6H4.6"],
  "~": [5, "M0 5.8C.6 4.4 1.6 4.2 2.5 5.2S4.4 6 5 4.6"],
  "%": [
    7,
    "M6 0L1 10M1.6 .2C.6 .2 .2 1 .2 2.2S.6 4.2 1.6 4.2S3 3.4 3 2.2S2.6 .2 1.6 .2ZM5.4 5.8C4.4 5.8 4 6.6 4 7.8S4.4 9.8 5.4 9.8S6.8 9 6.8 7.8S6.4 5.8 5.4 5.8Z",
  ],
  "°": [2.6, "M1.3 0C.5 0 0 .5 0 1.3S.5 2.6 1.3 2.6S2.6 2.1 2.6 1.3S2.1 0 1.3 0Z"],
  "²": [3, "M.1 1.2C.2 .4 .7 0 1.5 0C2.4 0 2.9 .5 2.9 1.3C2.9 2.5 1.7 3 0 4.8H3"],
}

const glyphs: Readonly<Record<string, Glyph>> = { ...digits, ...capitals, ...smallLetters, ...signs }
const unitsPerCapHeight = 10
const gapUnits = 1.9

const glyphOf = (character: string, text: string): Glyph => {
  const glyph = glyphs[character]
  if (glyph === undefined) {
    throw new Error(
      `The stroke font has no glyph for "${character}" in "${text}". Draw one in dev/samples-source/stroke-font.ts.`,
    )
  }
  return glyph
}

/** Width of one line of text in pixels, without the thickness of the pen. Throws on a character that is not drawn. */
export const textWidthPx = (text: string, capHeightPx: number): number => {
  const units = Array.from(text).reduce((sum, character) => sum + glyphOf(character, text)[0] + gapUnits, -gapUnits)
  return (Math.max(0, units) * capHeightPx) / unitsPerCapHeight
}

/** One line of text as SVG; (`leftPx`, `topPx`) is the upper left corner of its capitals, `penPx` the width of the stroke. */
export const textAsSvg = (text: string, leftPx: number, topPx: number, capHeightPx: number, penPx: number): string => {
  const scale = capHeightPx / unitsPerCapHeight
  let x = 0
  const paths = Array.from(text).map((character) => {
    const [width, path] = glyphOf(character, text)
    const at = x
    x += width + gapUnits
    return path === "" ? "" : `<path transform="translate(${at.toFixed(2)} 0)" d="${path}"/>`
  })
  return (
    `<g transform="translate(${leftPx.toFixed(2)} ${topPx.toFixed(2)}) scale(${scale})" fill="none" ` +
    `stroke-width="${(penPx / scale).toFixed(3)}" stroke-linecap="round" stroke-linejoin="round">${paths.join("")}</g>`
  )
}
