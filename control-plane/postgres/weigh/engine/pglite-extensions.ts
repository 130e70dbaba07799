import type { Extension, Extensions } from "@electric-sql/pglite"

/** What PGlite brings along. Each import is written out so that a bundler sees it. */
const contained: Readonly<Record<string, () => Promise<Readonly<Record<string, Extension>>>>> = {
  bloom: () => import("@electric-sql/pglite/contrib/bloom"),
  btree_gin: () => import("@electric-sql/pglite/contrib/btree_gin"),
  btree_gist: () => import("@electric-sql/pglite/contrib/btree_gist"),
  citext: () => import("@electric-sql/pglite/contrib/citext"),
  cube: () => import("@electric-sql/pglite/contrib/cube"),
  earthdistance: () => import("@electric-sql/pglite/contrib/earthdistance"),
  fuzzystrmatch: () => import("@electric-sql/pglite/contrib/fuzzystrmatch"),
  hstore: () => import("@electric-sql/pglite/contrib/hstore"),
  intarray: () => import("@electric-sql/pglite/contrib/intarray"),
  isn: () => import("@electric-sql/pglite/contrib/isn"),
  ltree: () => import("@electric-sql/pglite/contrib/ltree"),
  pg_trgm: () => import("@electric-sql/pglite/contrib/pg_trgm"),
  pgcrypto: () => import("@electric-sql/pglite/contrib/pgcrypto"),
  seg: () => import("@electric-sql/pglite/contrib/seg"),
  tablefunc: () => import("@electric-sql/pglite/contrib/tablefunc"),
  unaccent: () => import("@electric-sql/pglite/contrib/unaccent"),
  "uuid-ossp": () => import("@electric-sql/pglite/contrib/uuid_ossp"),
}

export const loadExtensions = async (names: readonly string[]): Promise<Extensions> => {
  const loaded: Extensions = {}
  for (const name of names) {
    const [extension] = Object.values((await contained[name]?.()) ?? {})
    if (extension !== undefined) loaded[extension.name] = extension
  }
  return loaded
}
