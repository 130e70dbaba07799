type TypedArray =
  | Uint8Array<ArrayBuffer>
  | Uint8ClampedArray<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>

interface ArrayKind<T extends TypedArray> {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): T
}

/**
 * All that the readers and encoders hold of a picture is asked for here, so that what one picture takes can be told, and
 * is refused before it is allocated. The received bytes themselves are not counted: the request holds them anyway.
 */
export interface Memory {
  /** Zeroed. Throws `MemoryExceeded` when it would be more than the limit. */
  readonly allocate: <T extends TypedArray>(kind: ArrayKind<T>, length: number) => T
  /** Counts what others hold for us, such as a WebAssembly memory; throws like `allocate`. */
  readonly claim: (sizeBytes: number) => void
  /** Says that an array is no longer held. */
  readonly release: (array: TypedArray) => void
  readonly peakBytes: () => number
}

export class MemoryExceeded extends Error {
  override readonly name = "MemoryExceeded"
}

export const createMemory = (limitBytes: number = Number.POSITIVE_INFINITY): Memory => {
  let held = 0
  let peak = 0
  const claim = (sizeBytes: number): void => {
    if (held + sizeBytes > limitBytes) {
      throw new MemoryExceeded(`${held + sizeBytes} bytes would be held at once; the limit is ${limitBytes}.`)
    }
    held += sizeBytes
    peak = Math.max(peak, held)
  }
  return {
    allocate: (kind, length) => {
      const whole = Math.ceil(length)
      claim(whole * kind.BYTES_PER_ELEMENT)
      return new kind(whole)
    },
    claim,
    release: ({ byteLength }) => {
      held -= byteLength
    },
    peakBytes: () => peak,
  }
}
