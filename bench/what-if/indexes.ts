import type { CandidateIndex } from "../../control-plane/postgres/what-if.ts"

const index = (table: string, name: string, definition: string): CandidateIndex => ({
  name,
  schema: "public",
  table,
  definition: `ON public.${table} ${definition}`,
})

/** Indexes of every kind that is proposed, each built for real and compared. */
export const indexes: readonly CandidateIndex[] = [
  index("lineitem", "l_part", "(l_partkey)"),
  index("lineitem", "l_part_supp", "(l_partkey, l_suppkey)"),
  index("lineitem", "l_supp", "(l_suppkey)"),
  index("lineitem", "l_ship", "(l_shipdate)"),
  index("lineitem", "l_ship_cover", "(l_shipdate) INCLUDE (l_extendedprice, l_discount, l_quantity)"),
  index("lineitem", "l_receipt_mode", "(l_receiptdate, l_shipmode)"),
  index("lineitem", "l_returned", "(l_orderkey) WHERE l_returnflag = 'R'"),
  index("lineitem", "l_mode", "(l_shipmode)"),
  index("lineitem", "l_price", "(l_extendedprice)"),
  index("lineitem", "l_ship_brin", "USING brin (l_shipdate)"),
  index("orders", "o_cust", "(o_custkey)"),
  index("orders", "o_date", "(o_orderdate)"),
  index("orders", "o_cust_date", "(o_custkey, o_orderdate DESC)"),
  index("orders", "o_status_total", "(o_orderstatus, o_totalprice DESC NULLS LAST)"),
  index("orders", "o_open", "(o_orderdate) WHERE o_orderstatus = 'P'"),
  index("orders", "o_comment", "(o_comment)"),
  index("orders", "o_unique", "(o_orderdate, o_orderkey) INCLUDE (o_totalprice)"),
  index("orders", "o_hash", "USING hash (o_custkey)"),
  index("customer", "c_email", "(c_email)"),
  index("customer", "c_email_prefix", "(c_email text_pattern_ops)"),
  index("customer", "c_segment_balance", "(c_mktsegment, c_acctbal)"),
  index("customer", "c_phone", "(c_phone)"),
  index("customer", "c_nation", "(c_nationkey)"),
  index("part", "p_brand_size", "(p_brand, p_container, p_size)"),
  index("part", "p_name", "(p_name varchar_pattern_ops)"),
  index("part", "p_type", "(p_type) INCLUDE (p_retailprice)"),
  index("event", "e_kind_at", "(kind, at DESC)"),
  index("event", "e_at_brin", "USING brin (at) WITH (pages_per_range = 32)"),
  index("event", "e_errors", "(at) WHERE kind = 'error'"),
  index("event", "e_tags", "USING gin (tags)"),
  index("event", "e_body", "USING gin (body jsonb_path_ops)"),
  index("reading", "r_sensor_at", "(sensor, at)"),
]

/** Their statistics come only with the ANALYZE after they are built, which draws another sample for all else: compared apart. */
export const expressionIndexes: readonly CandidateIndex[] = [
  index("customer", "c_lower", "(lower(c_email))"),
  index("event", "e_page", "((body ->> 'page'))"),
  index("event", "e_ms", "(((body ->> 'ms')::int))"),
]
