import { readFileSync } from "node:fs"
import sharp from "sharp"

export const chatPath = "/v1/chat/completions"

/** The key that the gateway's settings hold as its SHA-256. */
export const gatewayKey = "vg-bench-key"

const chat = (content: unknown, stream: boolean): string =>
  JSON.stringify({ model: "bench", messages: [{ role: "user", content }], ...(stream ? { stream: true } : {}) })

const question = "Which breaker protects the sockets of room 2, and at what rating? Name the column and the line. "

const chatAbout = (picture: string): string =>
  chat(
    [
      { type: "text", text: question },
      { type: "image_url", image_url: { url: picture } },
    ],
    false,
  )

const photoJpeg = readFileSync(new URL("../../dev/samples/cabinet-photo.jpg", import.meta.url))
const toDataUrl = (jpeg: Buffer): string => `data:image/jpeg;base64,${jpeg.toString("base64")}`
const photo = toDataUrl(photoJpeg)
/** Small enough for every model, so it goes on as it is. */
const small = toDataUrl(await sharp(photoJpeg).resize(512).jpeg({ quality: 60 }).toBuffer())

/** What a client of a chat API sends; `model` stands first, as their libraries write it. */
export const chatBodies = {
  /** About 1 kB. */
  text: chat(question.repeat(10), false),
  stream: chat(question.repeat(10), true),
  /** 1 MB of a picture in base64; nobody on the way decodes it, so any bytes will do. */
  picture: chatAbout(`data:image/jpeg;base64,${"Vk9MVEdBVEUv".repeat(83_333)}`),
  photo: chatAbout(photo),
} as const

/** What a client of ours sends. The photo is decoded, made smaller and encoded. */
export const analyzeBodies = {
  small: JSON.stringify({ query: question, images: [small] }),
  stream: JSON.stringify({ query: question, images: [small], stream: true }),
  photo: JSON.stringify({ query: question, images: [photo] }),
} as const

/** A request as it goes over the wire, the same each time. */
export const repeating = (path: string, body: string): (() => Buffer) => {
  const request = toRequest(path, body)
  return () => request
}

/** Such a request whose question has never been asked before, so that no cache knows the answer. */
export const everNew = (path: string, body: string): (() => Buffer) => {
  const request = toRequest(path, body.replace(question, question + "0".repeat(nonceDigits)))
  const nonceAt = request.indexOf("0".repeat(nonceDigits), request.indexOf(question))
  return () => {
    const fresh = Buffer.from(request)
    fresh.write(String(nonce++).padStart(nonceDigits, "0"), nonceAt)
    return fresh
  }
}

const nonceDigits = 9
let nonce = 0

const toRequest = (path: string, body: string): Buffer => {
  const headers = [
    "host: 127.0.0.1",
    "content-type: application/json",
    "accept: */*",
    "user-agent: voltgate-bench",
    `authorization: Bearer ${gatewayKey}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${body}`)
}
