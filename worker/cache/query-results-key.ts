import { sha256Hex, stableJson } from "./cache-key.ts"

/**
 * The key of a query's result: `query:{type}:{hash}`. The hash is of the tenant and the parameters in a fixed order, so
 * the same question has the same key however it was written, and nobody's parameters lead to another tenant's result.
 */
export const queryResultsKey = async (type: string, tenant: string, parameters: object): Promise<string> =>
  `query:${type}:${await sha256Hex(new TextEncoder().encode(stableJson({ tenant, parameters })))}`
