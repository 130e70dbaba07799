import sharp from "sharp"
import type { Sharp } from "sharp"
import { beforeEach, describe, expect, test } from "vitest"
import { sha256Hex } from "../../cache/cache-key.ts"
import type { PictureIndex } from "../../ports/picture-index.ts"
import { createSharpReader } from "../../runtime/deno/sharp-reader.ts"
import { createMemoryPictureIndex } from "../../runtime/memory/picture-index.ts"
import { receiveImage } from "../limits.ts"
import { createPictureMemory } from "./picture-memory.ts"
import type { NamedPicture, PictureMemory } from "./picture-memory.ts"
import { createPictureVault } from "./picture-vault.ts"

const hour = 3_600_000
const drawing = (label = "M40 90h30v30h-30z", width = 320, height = 240): Sharp =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 320 240"><rect width="320" height="240" fill="#fff"/>` +
        `<g fill="none" stroke="#111" stroke-width="4"><path d="M20 20H300V220H20ZM20 60h280M160 60v160"/><circle cx="230" cy="140" r="40"/><path d="${label}"/></g></svg>`,
    ),
  ).removeAlpha()

const named = async (picture: Sharp): Promise<NamedPicture> => {
  const bytes = new Uint8Array(await picture.toBuffer())
  return { image: receiveImage(0, bytes), byteHash: await sha256Hex(bytes) }
}

let index: PictureIndex
let calls: string[]
let memory: PictureMemory
const memoryOver = (secret = "a secret of the deployment"): PictureMemory =>
  createPictureMemory({
    vault: createPictureVault(secret),
    index: {
      list: (tenant) => (calls.push("list"), index.list(tenant)),
      look: (tenant, name) => (calls.push("look"), index.look(tenant, name)),
      remember: (tenant, picture, look) => index.remember(tenant, picture, look),
    },
    reader: {
      ...createSharpReader(),
      read: (image, target) => (calls.push("decode"), createSharpReader().read(image, target)),
    },
  })
beforeEach(() => {
  index = createMemoryPictureIndex({ now: () => 0 })
  calls = []
  memory = memoryOver()
})
const remember = async (...pictures: readonly NamedPicture[]): Promise<void> => {
  await memory.remember("acme", pictures, hour)
  // As another isolate would see it, which has decoded none of them.
  memory = memoryOver()
  calls = []
}

describe("what counts as the same picture", () => {
  test("is the same pixels in another file, in every tier but bytes", async () => {
    const original = await named(drawing().png())
    const copy = await named(drawing().webp({ lossless: true }))
    await remember(original)
    expect(await memory.recognize("acme", [copy], "pixels")).toEqual([{ id: original.byteHash, tier: "pixels" }])
    expect(await memory.recognize("acme", [copy], "look")).toEqual([{ id: original.byteHash, tier: "pixels" }])
    expect(await memory.recognize("acme", [copy], "bytes")).toEqual([{ id: copy.byteHash, tier: "bytes" }])
  })

  test("is a re-encode in the tier of looks alone", async () => {
    const original = await named(drawing().png())
    const copy = await named(drawing().jpeg({ quality: 60 }))
    await remember(original)
    expect(await memory.recognize("acme", [copy], "pixels")).toEqual([{ id: copy.byteHash, tier: "bytes" }])
    expect(await memory.recognize("acme", [copy], "look")).toEqual([{ id: original.byteHash, tier: "look" }])
  })

  test("is no changed drawing, no other shape, no other tenant's", async () => {
    await remember(await named(drawing().png()))
    for (const other of [drawing("M40 90h30v30h-30zM40 105h30"), drawing(undefined, 330, 240)]) {
      const asked = await named(other.jpeg({ quality: 90 }))
      expect(await memory.recognize("acme", [asked], "look")).toEqual([{ id: asked.byteHash, tier: "bytes" }])
    }
    const copy = await named(drawing().jpeg())
    expect(await memory.recognize("other", [copy], "look")).toEqual([{ id: copy.byteHash, tier: "bytes" }])
  })

  test("leads to the first of them, never to a copy, so that likeness cannot drift", async () => {
    const original = await named(drawing().png())
    const copy = await named(drawing().jpeg({ quality: 60 }))
    const again = await named(sharp(await drawing().jpeg({ quality: 60 }).toBuffer()).webp({ lossless: true }))
    await remember(original)
    await remember(copy)
    expect(await memory.recognize("acme", [copy], "look")).toEqual([{ id: original.byteHash, tier: "look" }])
    // The same pixels as the copy's: that copy where only pixels count, and the first one where looks do.
    expect(await memory.recognize("acme", [again], "pixels")).toEqual([{ id: copy.byteHash, tier: "pixels" }])
    expect(await memory.recognize("acme", [again], "look")).toEqual([{ id: original.byteHash, tier: "look" }])
  })

  test("is found for each of several pictures", async () => {
    const [one, two] = [await named(drawing().png()), await named(drawing("M40 90h60").png())]
    await remember(one, two)
    const copies = [await named(drawing("M40 90h60").webp({ lossless: true })), one]
    expect(await memory.recognize("acme", copies, "look")).toEqual([
      { id: two.byteHash, tier: "pixels" },
      { id: one.byteHash, tier: "bytes" },
    ])
  })
})

describe("what it costs", () => {
  test("nothing where only bytes count", async () => {
    await remember(await named(drawing().png()))
    await memory.recognize("acme", [await named(drawing().jpeg())], "bytes")
    expect(calls).toEqual([])
  })

  test("no decoding for a tenant without pictures, for one sent before, and where no header fits", async () => {
    const original = await named(drawing().png())
    await memory.recognize("acme", [original], "look")
    await remember(original)
    await memory.recognize("acme", [original], "look")
    await memory.recognize("acme", [await named(drawing(undefined, 400, 200).png())], "look")
    await memory.recognize("acme", [await named(drawing(undefined, 640, 480).png())], "pixels")
    expect(calls).toEqual(["list", "list", "list"])
  })

  test("no decoding of the others when one picture cannot be a known one", async () => {
    await remember(await named(drawing().png()))
    const pictures = [await named(drawing().jpeg()), await named(drawing(undefined, 400, 200).png())]
    expect((await memory.recognize("acme", pictures, "look")).map(({ tier }) => tier)).toEqual(["bytes", "bytes"])
    expect(calls).toEqual(["list"])
  })

  test("one decoding to recognize and to remember", async () => {
    await remember(await named(drawing().png()))
    const copy = await named(drawing().jpeg())
    await memory.recognize("acme", [copy], "look")
    await memory.remember("acme", [copy], hour)
    expect(calls.filter((call) => call === "decode")).toHaveLength(1)
  })

  test("no look where hash or shape differ", async () => {
    await remember(await named(drawing().png()))
    await memory.recognize("acme", [await named(drawing().negate().png())], "look")
    expect(calls).toEqual(["list", "decode"])
  })
})

describe("a store that is not to be trusted", () => {
  test("sees no name, no hash and no pixels", async () => {
    const original = await named(drawing().png())
    await remember(original)
    const tenant = await createPictureVault("a secret of the deployment").hideTenant("acme")
    const [stored] = await index.list(tenant)
    expect(tenant).not.toContain("acme")
    expect(JSON.stringify(stored)).not.toContain(original.byteHash.slice(0, 12))
    expect(atob(stored?.facts ?? "")).not.toContain("byteHash")
  })

  test("cannot pass off one picture for another, nor say anything under another secret", async () => {
    const [one, two] = [await named(drawing().png()), await named(drawing("M40 90h60").png())]
    await remember(one, two)
    const tenant = await createPictureVault("a secret of the deployment").hideTenant("acme")
    const [first, second] = await index.list(tenant)
    const looks = await Promise.all([first, second].map((stored) => index.look(tenant, stored?.name ?? "")))
    // Facts and looks of the one under the name of the other.
    await index.remember(tenant, { ...first!, facts: second!.facts }, looks[1])
    await index.remember(tenant, { ...second!, facts: first!.facts }, looks[0])
    const copy = await named(drawing().jpeg())
    expect(await memory.recognize("acme", [copy], "look")).toEqual([{ id: copy.byteHash, tier: "bytes" }])
    expect(await memoryOver("another secret").recognize("acme", [one], "look")).toEqual([
      { id: one.byteHash, tier: "bytes" },
    ])
  })

  test("that lost a look has no look to compare with", async () => {
    const original = await named(drawing().png())
    await remember(original)
    const tenant = await createPictureVault("a secret of the deployment").hideTenant("acme")
    const [stored] = await index.list(tenant)
    await index.remember(tenant, stored!)
    const copy = await named(drawing().jpeg())
    expect(await memory.recognize("acme", [copy], "look")).toEqual([{ id: copy.byteHash, tier: "bytes" }])
  })
})

test("rejects where a picture does not decode or the index is away, for its caller to go on without", async () => {
  const original = await named(drawing().png())
  await remember(original)
  const { image } = await named(drawing().jpeg())
  const cut = { image: { ...image, bytes: image.bytes.slice(0, 700) }, byteHash: "0".repeat(64) }
  await expect(memory.recognize("acme", [cut], "look")).rejects.toThrow(/decode/)
  index = { ...index, list: () => Promise.reject(new Error("away")) }
  await expect(memory.recognize("acme", [original], "look")).rejects.toThrow("away")
})
