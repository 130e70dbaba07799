import { drawCabinet, meterReading, photographCabinet, photoTiltDeg } from "./cabinet-photo.ts"
import { asBreakerFact, board, circuits, firstSheet, phaseLoadW, totalLoadW } from "./installation.ts"
import { loads, type Load } from "./loads.ts"
import { brushPlate, drawNameplate, plateValues } from "./nameplate.ts"
import { drawPanelSchedule } from "./panel-schedule.ts"
import { asSharp, drawSvg } from "./raster.ts"
import type { BreakerFact, Label, LabelKind, SampleFacts, SampleName } from "./sample-facts.ts"
import { drawPage, scanPage, scanTiltDeg } from "./scanned-page.ts"
import { scheduleRows } from "./schedule-table.ts"
import { tiltedLabels, type Sheet } from "./sheet.ts"
import { drawWiringDiagram } from "./wiring-diagram.ts"

/** A sample as it belongs into `dev/samples/`. */
export interface Picture {
  readonly bytes: Uint8Array
  readonly facts: SampleFacts
}

const white = { background: "#ffffff" } as const

/** How many different texts there are of a kind: a contactor's name stands at its coil and at its contacts. */
const countOf = (labels: readonly Label[], kind: LabelKind) =>
  new Set(labels.filter((label) => label.kind === kind).map(({ text }) => text)).size

const sizeOf = ({ widthPx, heightPx }: Sheet) => ({ widthPx, heightPx })

const encodeLineArt = async (sheet: Sheet) =>
  asSharp(await drawSvg(sheet.document(white)))
    .png({ compressionLevel: 9 })
    .toBuffer()

const wiringDiagram = async (): Promise<Picture> => {
  const sheet = drawWiringDiagram()
  const { labels } = sheet
  const loadsLike = (look: Load["look"]) => loads.filter((load) => load.look === look).length
  return {
    bytes: await encodeLineArt(sheet),
    facts: {
      shows:
        "Wiring diagram of a distribution board: main switch, breakers Q1 to Q8 and what they feed, control circuit.",
      look: "line_art",
      format: "png",
      ...sizeOf(sheet),
      orientation: 1,
      hasAlpha: false,
      channels: 3,
      counts: {
        breakers: countOf(labels, "breaker"),
        contactors: countOf(labels, "contactor"),
        overloadRelays: countOf(labels, "overload"),
        switches: countOf(labels, "switch"),
        terminals: countOf(labels, "terminal"),
        cables: countOf(labels, "cable"),
        wireNumbers: countOf(labels, "wire"),
        motors: loadsLike("motor"),
        heaters: loadsLike("heater"),
        lamps: loadsLike("lamp"),
        sockets: loadsLike("socket"),
      },
      values: {
        board: board.name,
        drawing: board.drawing,
        revision: "B",
        date: "2026-03-18",
        mainSwitch: board.mainSwitch,
      },
      breakers: firstSheet.map(asBreakerFact),
      labels,
    },
  }
}

const scheduledBreakers: readonly BreakerFact[] = scheduleRows.map(({ circuit, name, rating, feeds }) =>
  circuit === undefined ? { name, rating, poles: 1, circuit: feeds } : asBreakerFact(circuit),
)

const scheduleCounts = {
  breakers: scheduleRows.length,
  spares: scheduleRows.length - circuits.length,
  threePole: scheduledBreakers.filter(({ poles }) => poles === 3).length,
  singlePole: scheduledBreakers.filter(({ poles }) => poles === 1).length,
} as const

const panelSchedule = async (): Promise<Picture> => {
  const sheet = drawPanelSchedule()
  return {
    bytes: await encodeLineArt(sheet),
    facts: {
      shows:
        "Panel schedule of the same board: a table of breakers Q1 to Q16 with circuit, rating, cable, phase and load.",
      look: "table",
      format: "png",
      ...sizeOf(sheet),
      orientation: 1,
      hasAlpha: false,
      channels: 3,
      counts: scheduleCounts,
      values: {
        board: board.name,
        mainSwitch: board.mainSwitch,
        connectedLoadW: `${totalLoadW()}`,
        loadL1W: `${phaseLoadW("L1")}`,
        loadL2W: `${phaseLoadW("L2")}`,
        loadL3W: `${phaseLoadW("L3")}`,
      },
      breakers: scheduledBreakers,
      labels: sheet.labels,
    },
  }
}

const cabinetPhoto = async (): Promise<Picture> => {
  const sheet = drawCabinet()
  const labels = tiltedLabels(sheet, photoTiltDeg)
  const photo = await photographCabinet(sheet)
  return {
    // Stored lying on its left side, with the mark that says so, as a telephone does.
    bytes: await asSharp(photo).rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 82 }).toBuffer(),
    facts: {
      shows:
        "Photo of the open cabinet: main switch and meter, breakers Q1 to Q8, contactors K1 to K3, a row of terminals.",
      look: "photo",
      format: "jpeg",
      ...sizeOf(sheet),
      orientation: 6,
      hasAlpha: false,
      channels: 3,
      counts: {
        breakers: countOf(labels, "breaker"),
        contactors: countOf(labels, "contactor"),
        terminals: countOf(labels, "terminal"),
        mainSwitches: countOf(labels, "switch"),
      },
      values: { board: board.name, mainSwitch: board.mainSwitch, meterReadingKwh: meterReading },
      breakers: firstSheet.map(({ name, rating, poles }) => ({ name, rating, poles })),
      labels,
    },
  }
}

const scannedPage = async (): Promise<Picture> => {
  const sheet = drawPage()
  const scan = await scanPage(sheet)
  return {
    bytes: await asSharp(scan).toColourspace("b-w").jpeg({ quality: 75 }).toBuffer(),
    facts: {
      shows: "Scan of the printed panel schedule, slightly crooked, ticked off, stamped and signed.",
      look: "scan",
      format: "jpeg",
      ...sizeOf(sheet),
      orientation: 1,
      hasAlpha: false,
      channels: 1,
      counts: { ...scheduleCounts, tickMarks: scheduleRows.length, stamps: 1 },
      values: {
        board: board.name,
        mainSwitch: board.mainSwitch,
        connectedLoadW: `${totalLoadW()}`,
        stamp: "AS BUILT",
        checkedOn: "2026-04-02",
        tiltDeg: `${scanTiltDeg}`,
      },
      breakers: scheduledBreakers,
      labels: tiltedLabels(sheet, scanTiltDeg),
    },
  }
}

const nameplate = async (): Promise<Picture> => {
  const sheet = drawNameplate()
  return {
    bytes: await asSharp(await brushPlate(sheet))
      .webp({ quality: 84 })
      .toBuffer(),
    facts: {
      shows: "Nameplate of the board, brushed metal, transparent outside and in its two screw holes.",
      look: "nameplate",
      format: "webp",
      ...sizeOf(sheet),
      orientation: 1,
      hasAlpha: true,
      channels: 4,
      counts: { screwHoles: 2, lines: Object.keys(plateValues).length },
      values: { ...plateValues, Year: "2026" },
      breakers: [],
      labels: sheet.labels,
    },
  }
}

/** How each sample is made, by its file name. */
export const pictures: Readonly<Record<SampleName, () => Promise<Picture>>> = {
  "wiring-diagram.png": wiringDiagram,
  "panel-schedule.png": panelSchedule,
  "cabinet-photo.jpg": cabinetPhoto,
  "scanned-page.jpg": scannedPage,
  "nameplate.webp": nameplate,
}
