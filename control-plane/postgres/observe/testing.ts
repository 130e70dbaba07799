import type { IndexHealth } from "./read-indexes.ts"

/** A plain, valid B-tree that nothing protects and nothing has read. */
export const plainIndex = (given: Partial<IndexHealth> = {}): IndexHealth => ({
  oid: "101",
  schema: "public",
  table: "orders",
  name: "orders_note",
  method: "btree",
  keys: ["note 1 0 0"],
  columns: ["note"],
  definitionHash: "d0",
  sizeBytes: 200 * 1_048_576,
  scans: 0,
  isValid: true,
  protection: {
    isConstraint: false,
    isReplicaIdentity: false,
    isClustered: false,
    supportsForeignKey: false,
    isPartition: false,
    isOfExtension: false,
    hasExpression: false,
  },
  ...given,
})
