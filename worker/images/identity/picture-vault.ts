/**
 * What an index is given to keep: names that say nothing, and contents that only this gateway can read or have written,
 * and only for this tenant and place. A store that leaks shows no picture; one that was tampered with says nothing.
 */
export interface PictureVault {
  readonly hideTenant: (tenant: string) => Promise<string>
  readonly hideName: (tenant: string, byteHash: string) => Promise<string>
  /** `place` says what it is, and must be the same when it is opened. */
  readonly seal: (tenant: string, place: string, bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>
  /** `undefined` for what was not sealed by this secret for this tenant and place. */
  readonly open: (
    tenant: string,
    place: string,
    sealed: Uint8Array<ArrayBuffer>,
  ) => Promise<Uint8Array<ArrayBuffer> | undefined>
}

const ivBytes = 12
/** A gateway has few tenants; this many keys are remembered. */
const rememberedTenants = 1_000

/** AES-GCM and HMAC-SHA-256 under keys derived per tenant from the secret. */
export const createPictureVault = (secret: string): PictureVault => {
  const keys = new Map<string, TenantKeys>()
  const keysOf = async (tenant: string): Promise<TenantKeys> => {
    const known = keys.get(tenant)
    if (known !== undefined) return known
    const made = await deriveKeys(secret, tenant)
    if (keys.size >= rememberedTenants) keys.clear()
    keys.set(tenant, made)
    return made
  }
  const name = async (tenant: string, text: string): Promise<string> =>
    hex(await hmac((await keysOf(tenant)).names, text)).slice(0, 32)

  return {
    hideTenant: (tenant) => name(tenant, "tenant"),
    hideName: (tenant, byteHash) => name(tenant, `picture:${byteHash}`),
    seal: async (tenant, place, bytes) => {
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
      const how = { name: "AES-GCM", iv, additionalData: encode(place) }
      const sealed = new Uint8Array(await crypto.subtle.encrypt(how, (await keysOf(tenant)).contents, bytes))
      const whole = new Uint8Array(ivBytes + sealed.length)
      whole.set(iv)
      whole.set(sealed, ivBytes)
      return whole
    },
    open: async (tenant, place, whole) => {
      const how = { name: "AES-GCM", iv: whole.slice(0, ivBytes), additionalData: encode(place) }
      const { contents } = await keysOf(tenant)
      try {
        return new Uint8Array(await crypto.subtle.decrypt(how, contents, whole.slice(ivBytes)))
      } catch {
        // Too short, damaged, another tenant's: the platform tells no more than that it is not ours.
        return undefined
      }
    },
  }
}

interface TenantKeys {
  readonly names: CryptoKey
  readonly contents: CryptoKey
}

const deriveKeys = async (secret: string, tenant: string): Promise<TenantKeys> => {
  const root = await hmacKey(encode(secret))
  const [names, contents] = await Promise.all([
    hmac(root, `pictures' names:${tenant}`),
    hmac(root, `pictures' contents:${tenant}`),
  ])
  return {
    names: await hmacKey(names),
    contents: await crypto.subtle.importKey("raw", contents, "AES-GCM", false, ["encrypt", "decrypt"]),
  }
}

const hmacKey = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])

const hmac = async (key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.sign("HMAC", key, encode(text)))

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
