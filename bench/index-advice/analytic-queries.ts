type Random = () => number

/** A question that analysts ask of a trading company's tables, with other constants each time. */
export interface AnalyticQuery {
  readonly name: string
  readonly sql: (random: Random) => string
}

const pick = (random: Random, from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? ""
const whole = (random: Random, from: number, to: number): number => from + Math.floor(random() * (to - from + 1))
/** A day of the years that have orders, as SQL. */
const day = (random: Random): string =>
  `date '${new Date(Date.UTC(1992, 0, 1) + whole(random, 100, 2_100) * 86_400_000).toISOString().slice(0, 10)}'`
const segment = (random: Random): string =>
  pick(random, ["AUTOMOBILE", "BUILDING", "FURNITURE", "MACHINERY", "HOUSEHOLD"])
const brand = (random: Random): string => `Brand#${whole(random, 11, 35)}`
const nation = (random: Random): string => `NATION ${whole(random, 0, 24)}`

/** Joins of up to six tables, sums over months, the best and the rest, what has none of something. */
export const analyticQueries: readonly AnalyticQuery[] = [
  {
    name: "price summary",
    sql: (random) =>
      `SELECT l_returnflag, sum(l_quantity), avg(l_discount), count(*) FROM lineitem WHERE l_shipdate <= ${day(random)} GROUP BY 1 ORDER BY 1`,
  },
  {
    name: "unshipped orders of most worth",
    sql: (random) => {
      const at = day(random)
      return `SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount)) AS revenue, o_orderdate FROM customer JOIN orders ON o_custkey = c_custkey
        JOIN lineitem ON l_orderkey = o_orderkey WHERE c_mktsegment = '${segment(random)}' AND o_orderdate < ${at} AND o_orderdate > ${at} - 60 AND l_shipdate > ${at}
        GROUP BY l_orderkey, o_orderdate ORDER BY revenue DESC LIMIT 10`
    },
  },
  {
    name: "orders of a quarter that came late",
    sql: (random) => {
      const at = day(random)
      return `SELECT o_orderpriority, count(*) FROM orders WHERE o_orderdate >= ${at} AND o_orderdate < ${at} + 90
        AND EXISTS (SELECT FROM lineitem WHERE l_orderkey = o_orderkey AND l_receiptdate > l_shipdate + 30) GROUP BY 1 ORDER BY 1`
    },
  },
  {
    name: "revenue of neighbours",
    sql: (random) => {
      const at = day(random)
      return `SELECT n_name, sum(l_extendedprice) FROM customer JOIN orders ON o_custkey = c_custkey JOIN lineitem ON l_orderkey = o_orderkey
        JOIN supplier ON s_suppkey = l_suppkey AND s_nationkey = c_nationkey JOIN nation ON n_nationkey = s_nationkey
        WHERE o_orderdate >= ${at} AND o_orderdate < ${at} + 30 GROUP BY 1 ORDER BY 2 DESC`
    },
  },
  {
    name: "what fewer discounts would bring",
    sql: (random) => {
      const at = day(random)
      return `SELECT sum(l_extendedprice * l_discount) FROM lineitem WHERE l_shipdate >= ${at} AND l_shipdate < ${at} + 30 AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24`
    },
  },
  {
    name: "customers who sent back most",
    sql: (random) => {
      const at = day(random)
      return `SELECT c_custkey, c_name, sum(l_extendedprice) AS revenue, n_name FROM customer JOIN orders ON o_custkey = c_custkey JOIN lineitem ON l_orderkey = o_orderkey
        JOIN nation ON n_nationkey = c_nationkey WHERE o_orderdate >= ${at} AND o_orderdate < ${at} + 30 AND l_returnflag = 'R'
        GROUP BY c_custkey, c_name, n_name ORDER BY revenue DESC LIMIT 20`
    },
  },
  {
    name: "late by mode of shipping",
    sql: (random) => {
      const at = day(random)
      return `SELECT l_shipmode, count(*) FROM orders JOIN lineitem ON l_orderkey = o_orderkey WHERE l_shipmode IN ('MAIL', 'SHIP')
        AND l_receiptdate >= ${at} AND l_receiptdate < ${at} + 30 GROUP BY 1 ORDER BY 1`
    },
  },
  {
    name: "small orders of a part",
    sql: (random) =>
      `SELECT sum(l_extendedprice) / 7 FROM lineitem JOIN part ON p_partkey = l_partkey
        JOIN (SELECT l_partkey AS key, 0.4 * avg(l_quantity) AS least FROM lineitem GROUP BY 1) usual ON key = p_partkey
        WHERE p_brand = '${brand(random)}' AND p_container = 'MED BAG' AND l_quantity < least`,
  },
  {
    name: "share of promotions",
    sql: (random) => {
      const at = day(random)
      return `SELECT sum(CASE WHEN p_type LIKE 'PROMO%' THEN l_extendedprice END) / sum(l_extendedprice) FROM lineitem JOIN part ON p_partkey = l_partkey
        WHERE l_shipdate >= ${at} AND l_shipdate < ${at} + 30`
    },
  },
  {
    name: "suppliers who ship a part",
    sql: (random) =>
      `SELECT s_name, count(*) FROM supplier JOIN lineitem ON l_suppkey = s_suppkey WHERE l_partkey IN
        (SELECT p_partkey FROM part WHERE p_brand = '${brand(random)}' AND p_size = ${whole(random, 1, 50)}) GROUP BY 1 ORDER BY 2 DESC LIMIT 20`,
  },
  {
    name: "rich customers without orders",
    sql: (random) =>
      `SELECT n_name, count(*), sum(c_acctbal) FROM customer JOIN nation ON n_nationkey = c_nationkey
        WHERE c_acctbal > ${whole(random, 9_500, 9_900)} AND NOT EXISTS (SELECT FROM orders WHERE o_custkey = c_custkey) GROUP BY 1 ORDER BY 1`,
  },
  {
    name: "a supplier's business by year",
    sql: (random) =>
      `SELECT extract(year FROM o_orderdate) AS year, sum(l_extendedprice) FROM lineitem JOIN orders ON o_orderkey = l_orderkey
        WHERE l_suppkey = ${whole(random, 1, 100)} GROUP BY 1 ORDER BY 1`,
  },
  {
    name: "a customer's parts",
    sql: (random) =>
      `SELECT p_type, count(*), sum(l_quantity) FROM orders JOIN lineitem ON l_orderkey = o_orderkey JOIN part ON p_partkey = l_partkey
        WHERE o_custkey = ${whole(random, 1, 1_000)} GROUP BY 1 ORDER BY 2 DESC`,
  },
  {
    name: "urgent orders of a nation",
    sql: (random) => {
      const at = day(random)
      return `SELECT count(*), sum(o_totalprice) FROM orders JOIN customer ON c_custkey = o_custkey JOIN nation ON n_nationkey = c_nationkey
        WHERE n_name = '${nation(random)}' AND o_orderpriority = '1-URGENT' AND o_orderdate BETWEEN ${at} AND ${at} + 180`
    },
  },
  {
    name: "parts nobody ordered lately",
    sql: (random) =>
      `SELECT p_brand, count(*) FROM part WHERE p_size = ${whole(random, 1, 50)} AND NOT EXISTS
        (SELECT FROM lineitem WHERE l_partkey = p_partkey AND l_shipdate > ${day(random)}) GROUP BY 1 ORDER BY 2 DESC`,
  },
  {
    name: "largest orders",
    sql: (random) =>
      `SELECT o_orderkey, o_totalprice, c_name FROM orders JOIN customer ON c_custkey = o_custkey WHERE o_totalprice > ${whole(random, 280_000, 290_000)} ORDER BY o_totalprice DESC LIMIT 100`,
  },
  {
    name: "suppliers of a nation by returns",
    sql: (random) => {
      const at = day(random)
      return `SELECT s_name, count(*) FROM supplier JOIN nation ON n_nationkey = s_nationkey JOIN lineitem ON l_suppkey = s_suppkey
        WHERE n_name = '${nation(random)}' AND l_returnflag = 'R' AND l_receiptdate BETWEEN ${at} AND ${at} + 60 GROUP BY 1 ORDER BY 2 DESC LIMIT 10`
    },
  },
  {
    name: "customers by number of orders",
    sql: (random) =>
      `SELECT orders, count(*) FROM (SELECT c_custkey, count(o_orderkey) AS orders FROM customer LEFT JOIN orders ON o_custkey = c_custkey
        WHERE c_mktsegment = '${segment(random)}' GROUP BY 1) c GROUP BY 1 ORDER BY 1`,
  },
  {
    name: "orders above all others of a month",
    sql: (random) => {
      const at = day(random)
      return `SELECT o_orderkey, sum(l_quantity) FROM orders JOIN lineitem ON l_orderkey = o_orderkey WHERE o_orderdate BETWEEN ${at} AND ${at} + 30
        GROUP BY 1 HAVING sum(l_quantity) > 250 ORDER BY 2 DESC LIMIT 50`
    },
  },
  {
    name: "worth of a container's parts in stock",
    sql: (random) =>
      `SELECT p_type, avg(l_extendedprice) FROM part JOIN lineitem ON l_partkey = p_partkey WHERE p_container = 'LG CASE' AND p_brand = '${brand(random)}'
        AND p_size BETWEEN ${whole(random, 1, 20)} AND 25 GROUP BY 1 ORDER BY 1`,
  },
]
