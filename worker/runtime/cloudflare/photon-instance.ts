/**
 * What we use of photon's WebAssembly, spoken to without the JavaScript that comes with it: that keeps one instance for
 * the life of the module, while every error in photon is a panic that leaks its input and in the end kills the instance.
 * Signatures are wasm-bindgen's, for @cf-wasm/photon 0.4.0; pictures are handles, bytes are offset and length in memory.
 */
interface PhotonExports {
  readonly memory: WebAssembly.Memory
  readonly __wbindgen_malloc: (sizeBytes: number, align: number) => number
  readonly __wbindgen_free: (offset: number, sizeBytes: number, align: number) => void
  readonly __wbg_photonimage_free: (picture: number, fromFinalizer: number) => void
  /** Takes ownership of the bytes. Traps when they do not decode. */
  readonly photonimage_new_from_byteslice: (offset: number, sizeBytes: number) => number
  /** Takes ownership of the pixels. */
  readonly photonimage_new: (offset: number, sizeBytes: number, widthPx: number, heightPx: number) => number
  readonly photonimage_get_width: (picture: number) => number
  readonly photonimage_get_height: (picture: number) => number
  readonly photonimage_get_raw_pixels: (picture: number) => readonly [offset: number, sizeBytes: number]
  readonly photonimage_get_bytes: (picture: number) => readonly [offset: number, sizeBytes: number]
  readonly photonimage_get_bytes_jpeg: (
    picture: number,
    quality: number,
  ) => readonly [offset: number, sizeBytes: number]
}

export interface DecodedPicture {
  readonly widthPx: number
  readonly heightPx: number
  /** A view into the instance's memory: good only until the next call into it. */
  readonly rgba: Uint8Array
  readonly free: () => void
}

export interface PhotonInstance {
  readonly memory: WebAssembly.Memory
  readonly decode: (bytes: Uint8Array) => DecodedPicture
  readonly encode: (
    rgba: Uint8Array,
    size: { readonly widthPx: number; readonly heightPx: number },
    format: "png" | "jpeg",
    quality: number,
  ) => Uint8Array<ArrayBuffer>
}

/** A new instance with a memory of its own, which goes with it. Takes about half a millisecond. */
export const openPhoton = (module: WebAssembly.Module): PhotonInstance => {
  const { exports } = new WebAssembly.Instance(module, refuseImports(module))
  if (!isPhoton(exports))
    throw new Error("The photon module lacks functions that version 0.4.0 has. Check its version.")
  const { __wbindgen_malloc: allocate, __wbindgen_free: release, __wbg_photonimage_free: drop, ...photon } = exports

  const put = (bytes: Uint8Array): number => {
    const offset = allocate(bytes.length, 1) >>> 0
    new Uint8Array(photon.memory.buffer, offset, bytes.length).set(bytes)
    return offset
  }

  return {
    memory: photon.memory,
    decode: (bytes) => {
      const picture = photon.photonimage_new_from_byteslice(put(bytes), bytes.length)
      const widthPx = photon.photonimage_get_width(picture) >>> 0
      const heightPx = photon.photonimage_get_height(picture) >>> 0
      const [offset, sizeBytes] = photon.photonimage_get_raw_pixels(picture)
      drop(picture, 0)
      const rgba = new Uint8Array(photon.memory.buffer, offset >>> 0, sizeBytes >>> 0)
      return { widthPx, heightPx, rgba, free: () => release(offset, sizeBytes, 1) }
    },
    encode: (rgba, { widthPx, heightPx }, format, quality) => {
      const picture = photon.photonimage_new(put(rgba), rgba.length, widthPx, heightPx)
      const [offset, sizeBytes] =
        format === "jpeg" ? photon.photonimage_get_bytes_jpeg(picture, quality) : photon.photonimage_get_bytes(picture)
      return new Uint8Array(photon.memory.buffer, offset >>> 0, sizeBytes >>> 0).slice()
    },
  }
}

/** The imports serve photon's canvas functions and its random effects; nothing that we call reaches one. */
const refuseImports = (module: WebAssembly.Module): WebAssembly.Imports => {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {}
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {}
    imports[from][name] = () => {
      throw new Error(`Photon called ${name}, which is not there.`)
    }
  }
  return imports
}

const needed: readonly (keyof PhotonExports)[] = [
  "__wbindgen_malloc",
  "__wbindgen_free",
  "__wbg_photonimage_free",
  "photonimage_new_from_byteslice",
  "photonimage_new",
  "photonimage_get_width",
  "photonimage_get_height",
  "photonimage_get_raw_pixels",
  "photonimage_get_bytes",
  "photonimage_get_bytes_jpeg",
]

const isPhoton = (exports: object): exports is PhotonExports =>
  "memory" in exports && needed.every((name) => name in exports)
