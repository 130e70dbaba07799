import { board, type Circuit } from "./installation.ts"
import type { Sheet } from "./sheet.ts"

/** The devices in the open cabinet, painted with light from the upper left. Sizes in pixels of the photo. */

export const moduleWidthPx = 52

/** Gradients and the soft shadow that all devices share; must be on the sheet before they are. */
export const deviceDefinitions = `<defs>
<linearGradient id="case" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#f3f1ea"/><stop offset=".3" stop-color="#e4e1d8"/><stop offset="1" stop-color="#bdb9ae"/></linearGradient>
<linearGradient id="face" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fbfaf6"/><stop offset="1" stop-color="#dcd9d0"/></linearGradient>
<linearGradient id="dark" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#5a5f64"/><stop offset="1" stop-color="#2b2f33"/></linearGradient>
<linearGradient id="lever" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#4b5056"/><stop offset=".5" stop-color="#25292d"/><stop offset="1" stop-color="#0f1113"/></linearGradient>
<linearGradient id="red" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#e2483d"/><stop offset="1" stop-color="#9d1c15"/></linearGradient>
<linearGradient id="rail" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#8d9398"/><stop offset=".25" stop-color="#e9ecee"/><stop offset=".75" stop-color="#b6bbbf"/><stop offset="1" stop-color="#6f757a"/></linearGradient>
<radialGradient id="screw" cx=".4" cy=".35" r=".7"><stop offset="0" stop-color="#eceff1"/><stop offset="1" stop-color="#6d7276"/></radialGradient>
<filter id="soft" x="-30%" y="-30%" width="170%" height="170%"><feGaussianBlur stdDeviation="9"/></filter>
</defs>`

/** A filled box without outline; `fill` is a color or one of the gradients above. */
export const paintBox = (
  sheet: Sheet,
  left: number,
  top: number,
  width: number,
  height: number,
  fill: string,
  radiusPx = 0,
): void =>
  sheet.svg(`<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="${radiusPx}" fill="${fill}"/>`)

export const paintShadow = (sheet: Sheet, left: number, top: number, width: number, height: number): void =>
  sheet.svg(
    `<rect x="${left + 9}" y="${top + 14}" width="${width}" height="${height}" rx="8" fill="#000" fill-opacity=".42" filter="url(#soft)"/>`,
  )

const paintScrew = (sheet: Sheet, x: number, y: number): void =>
  sheet.svg(
    `<circle cx="${x}" cy="${y}" r="11" fill="#3a3e41"/><circle cx="${x}" cy="${y}" r="9" fill="url(#screw)"/>` +
      `<path d="M${x - 6} ${y - 4}L${x + 6} ${y + 4}" stroke="#3c4043" stroke-width="2.5"/>`,
  )

const breakerHeightPx = 190

/** A breaker as wide as its poles, lever up, with its rating on the face and its name on a sticker below. */
export const paintBreaker = (sheet: Sheet, left: number, top: number, { name, rating, poles }: Circuit): void => {
  const width = poles * moduleWidthPx - 2
  const middle = left + width / 2
  paintShadow(sheet, left, top, width, breakerHeightPx)
  paintBox(sheet, left, top, width, breakerHeightPx, "url(#case)", 5)
  paintBox(sheet, left + 2, top + 38, width - 4, 116, "url(#face)", 4)
  for (let pole = 0; pole < poles; pole++) {
    const x = left + pole * moduleWidthPx + moduleWidthPx / 2 - 1
    paintScrew(sheet, x, top + 19)
    paintScrew(sheet, x, top + breakerHeightPx - 18)
    if (pole > 0)
      sheet.line(
        [
          [x - moduleWidthPx / 2, top + 2],
          [x - moduleWidthPx / 2, top + 36],
        ],
        { color: "#8d897f", widthPx: 2 },
      )
    paintBox(sheet, x - 13, top + 92, 26, 54, "#6e6b64", 3)
  }
  // One bar across the levers of all poles.
  paintBox(sheet, left + 14, top + 96, width - 28, 26, "url(#lever)", 4)
  paintBox(sheet, left + 16, top + 98, width - 32, 4, "#7d848a", 2)
  sheet.text("rating", rating, [middle, top + 62], { align: "middle", capHeightPx: 15, color: "#1d2023", weight: 0.16 })
  paintBox(sheet, middle - 24, top + breakerHeightPx + 8, 48, 28, "#f7f5ee", 2)
  sheet.text("breaker", name, [middle, top + breakerHeightPx + 22], {
    align: "middle",
    capHeightPx: 16,
    color: "#15181a",
    weight: 0.15,
  })
}

/** The main switch, four modules wide, with its red lever. */
export const paintMainSwitch = (sheet: Sheet, left: number, top: number): void => {
  const width = 4 * moduleWidthPx
  paintShadow(sheet, left, top, width, breakerHeightPx)
  paintBox(sheet, left, top, width, breakerHeightPx, "url(#case)", 5)
  paintBox(sheet, left + 3, top + 38, width - 6, 116, "url(#face)", 4)
  for (let pole = 0; pole < 4; pole++) {
    paintScrew(sheet, left + (pole + 0.5) * moduleWidthPx, top + 19)
    paintScrew(sheet, left + (pole + 0.5) * moduleWidthPx, top + breakerHeightPx - 18)
  }
  paintBox(sheet, left + 24, top + 94, width - 48, 54, "#6e6b64", 4)
  paintBox(sheet, left + 28, top + 96, width - 56, 30, "url(#red)", 5)
  paintBox(sheet, left + 32, top + 98, width - 64, 5, "#f29a92", 2)
  sheet.text("rating", board.mainSwitch, [left + width / 2, top + 64], {
    align: "middle",
    capHeightPx: 20,
    color: "#1d2023",
    weight: 0.16,
  })
  paintBox(sheet, left + width / 2 - 34, top + breakerHeightPx + 8, 68, 28, "#f7f5ee", 2)
  sheet.text("switch", "QS1", [left + width / 2, top + breakerHeightPx + 22], {
    align: "middle",
    capHeightPx: 16,
    color: "#15181a",
    weight: 0.15,
  })
}

/** An energy meter with a lit display; `reading` in kWh. */
export const paintMeter = (sheet: Sheet, left: number, top: number, reading: string): void => {
  const width = 6 * moduleWidthPx
  paintShadow(sheet, left, top, width, breakerHeightPx)
  paintBox(sheet, left, top, width, breakerHeightPx, "url(#case)", 6)
  paintBox(sheet, left + 18, top + 34, width - 36, 72, "#20262a", 6)
  paintBox(sheet, left + 26, top + 41, width - 52, 58, "#b9c99a", 3)
  sheet.text("value", reading, [left + width - 92, top + 70], {
    align: "right",
    capHeightPx: 30,
    color: "#1b2416",
    weight: 0.14,
  })
  sheet.text("text", "kWh", [left + width - 80, top + 78], { capHeightPx: 14, color: "#1b2416", weight: 0.14 })
  sheet.svg(
    `<circle cx="${left + 40}" cy="${top + 138}" r="9" fill="#c6261c"/><circle cx="${left + 37}" cy="${top + 135}" r="3" fill="#ffb3ab"/>`,
  )
  sheet.text("text", "1000 imp/kWh", [left + 62, top + 138], { capHeightPx: 11, color: "#2a2d30", weight: 0.15 })
  paintBox(sheet, left + width / 2 - 24, top + breakerHeightPx + 8, 48, 28, "#f7f5ee", 2)
  sheet.text("text", "P1", [left + width / 2, top + breakerHeightPx + 22], {
    align: "middle",
    capHeightPx: 16,
    color: "#15181a",
    weight: 0.15,
  })
}

const contactorHeightPx = 176

/** A contactor with its coil terminals on top and a window for the armature. */
export const paintContactor = (sheet: Sheet, left: number, top: number, name: string): void => {
  const width = 150
  paintShadow(sheet, left, top, width, contactorHeightPx)
  paintBox(sheet, left, top, width, contactorHeightPx, "url(#dark)", 6)
  paintBox(sheet, left + 10, top + 44, width - 20, 88, "#3d4347", 5)
  paintBox(sheet, left + 10, top + 44, width - 20, 3, "#7b8288", 2)
  for (const x of [26, 75, 124]) {
    paintScrew(sheet, left + x, top + 22)
    paintScrew(sheet, left + x, top + contactorHeightPx - 20)
  }
  paintBox(sheet, left + 58, top + 96, 34, 24, "#14171a", 3)
  paintBox(sheet, left + 63, top + 100, 24, 9, "#c9ccce", 2)
  paintBox(sheet, left + 22, top + 56, 106, 30, "#f7f5ee", 2)
  sheet.text("contactor", name, [left + 75, top + 71], {
    align: "middle",
    capHeightPx: 18,
    color: "#15181a",
    weight: 0.15,
  })
}

/** A row of `count` terminals from `left`; those of the earth are green and yellow. */
export const paintTerminals = (
  sheet: Sheet,
  left: number,
  top: number,
  count: number,
  isEarth: (place: number) => boolean,
): void => {
  const pitchPx = 27
  paintShadow(sheet, left, top, count * pitchPx, 112)
  for (let place = 0; place < count; place++) {
    const x = left + place * pitchPx
    const [body, edge] = isEarth(place) ? ["#6f9f45", "#e0c63a"] : ["#a3a7aa", "#c9cdd0"]
    paintBox(sheet, x, top, pitchPx - 1, 112, body, 2)
    paintBox(sheet, x + 1, top, 4, 112, edge)
    paintBox(sheet, x + 7, top + 10, 15, 22, "#24272a", 2)
    paintBox(sheet, x + 7, top + 80, 15, 22, "#24272a", 2)
    paintBox(sheet, x + 4, top + 44, 20, 24, "#f4f2ea", 1)
    sheet.text("terminal", `${place + 1}`, [x + 14, top + 56], {
      align: "middle",
      capHeightPx: 9,
      color: "#15181a",
      weight: 0.15,
    })
  }
}
