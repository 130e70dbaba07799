/** Joins and aggregates in the manner of TPC-H, look-ups, pages, prefixes, containment, partitions. */
export const queries: readonly string[] = [
  "SELECT l_returnflag, sum(l_quantity), sum(l_extendedprice * (1 - l_discount)) FROM lineitem WHERE l_shipdate <= date '1998-09-02' GROUP BY 1 ORDER BY 1",
  `SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount)) AS revenue, o_orderdate FROM customer, orders, lineitem
   WHERE c_mktsegment = 'BUILDING' AND c_custkey = o_custkey AND l_orderkey = o_orderkey AND o_orderdate < date '1995-03-15'
     AND l_shipdate > date '1995-03-15' GROUP BY l_orderkey, o_orderdate ORDER BY revenue DESC LIMIT 10`,
  `SELECT o_orderpriority, count(*) FROM orders WHERE o_orderdate >= date '1993-07-01' AND o_orderdate < date '1993-10-01'
     AND EXISTS (SELECT FROM lineitem WHERE l_orderkey = o_orderkey AND l_receiptdate > l_shipdate + 30) GROUP BY 1 ORDER BY 1`,
  `SELECT n_name, sum(l_extendedprice) FROM customer, orders, lineitem, supplier, nation WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey
     AND l_suppkey = s_suppkey AND c_nationkey = s_nationkey AND s_nationkey = n_nationkey AND o_orderdate BETWEEN date '1994-01-01' AND date '1994-12-31'
   GROUP BY 1 ORDER BY 2 DESC`,
  "SELECT sum(l_extendedprice * l_discount) FROM lineitem WHERE l_shipdate BETWEEN date '1994-01-01' AND date '1994-02-01' AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24",
  `SELECT c_custkey, c_name, sum(l_extendedprice) AS revenue FROM customer, orders, lineitem, nation WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey
     AND o_orderdate >= date '1993-10-01' AND o_orderdate < date '1993-11-01' AND l_returnflag = 'R' AND c_nationkey = n_nationkey
   GROUP BY 1, 2 ORDER BY revenue DESC LIMIT 20`,
  `SELECT l_shipmode, count(*) FROM orders, lineitem WHERE o_orderkey = l_orderkey AND l_shipmode IN ('MAIL', 'SHIP')
     AND l_receiptdate >= date '1994-01-01' AND l_receiptdate < date '1994-02-01' GROUP BY 1 ORDER BY 1`,
  "SELECT c_custkey, count(o_orderkey) FROM customer LEFT JOIN orders ON c_custkey = o_custkey AND o_comment NOT LIKE '%abc%' GROUP BY 1",
  `SELECT sum(l_extendedprice) FROM lineitem, part WHERE p_partkey = l_partkey AND p_brand = 'Brand#23' AND p_container = 'MED BAG'
     AND l_quantity < (SELECT 0.2 * avg(l_quantity) FROM lineitem WHERE l_partkey = p_partkey)`,
  `SELECT o_orderkey, sum(l_quantity) FROM orders, lineitem WHERE o_orderkey = l_orderkey AND o_orderkey IN
     (SELECT l_orderkey FROM lineitem GROUP BY l_orderkey HAVING sum(l_quantity) > 300) GROUP BY 1`,
  "SELECT s_name FROM supplier WHERE s_suppkey IN (SELECT l_suppkey FROM lineitem WHERE l_partkey IN (SELECT p_partkey FROM part WHERE p_name LIKE 'forest 0%'))",
  "SELECT count(*) FROM customer WHERE c_acctbal > 9000 AND NOT EXISTS (SELECT FROM orders WHERE o_custkey = c_custkey)",
  "SELECT * FROM lineitem WHERE l_partkey = 77",
  "SELECT * FROM lineitem WHERE l_partkey = 77 AND l_suppkey = 7",
  "SELECT count(*) FROM lineitem WHERE l_shipmode = 'RAIL'",
  "SELECT l_orderkey FROM lineitem WHERE l_returnflag = 'R' ORDER BY l_orderkey LIMIT 100",
  "SELECT * FROM lineitem WHERE l_extendedprice BETWEEN 5000 AND 5020",
  "SELECT * FROM orders WHERE o_custkey = 77 ORDER BY o_orderdate DESC LIMIT 10",
  "SELECT * FROM orders WHERE o_orderstatus = 'O' ORDER BY o_totalprice DESC NULLS LAST LIMIT 25",
  "SELECT count(*) FROM orders WHERE o_orderstatus = 'P' AND o_orderdate > date '1996-01-01'",
  "SELECT o_orderkey, o_totalprice FROM orders WHERE o_orderdate = date '1996-01-02' ORDER BY o_orderkey",
  "SELECT * FROM orders WHERE o_comment = 'abc'",
  "SELECT max(o_orderdate) FROM orders WHERE o_custkey BETWEEN 300 AND 320",
  "SELECT * FROM customer WHERE c_email = 'Abc@example.com'",
  "SELECT * FROM customer WHERE c_email LIKE 'Abc%'",
  "SELECT * FROM customer WHERE c_mktsegment = 'MACHINERY' AND c_acctbal BETWEEN 5000 AND 5100",
  "SELECT * FROM customer WHERE c_phone = '555555555555777'",
  "SELECT count(*) FROM customer JOIN nation ON c_nationkey = n_nationkey WHERE n_name = 'NATION 7'",
  "SELECT p_partkey FROM part WHERE p_brand = 'Brand#12' AND p_container = 'SM BOX' AND p_size BETWEEN 1 AND 5",
  "SELECT avg(p_retailprice) FROM part WHERE p_type = 'PROMO TIN'",
  "SELECT * FROM event WHERE kind = 'error' ORDER BY at DESC LIMIT 50",
  "SELECT count(*) FROM event WHERE at BETWEEN '2026-01-01 05:00Z' AND '2026-01-01 07:00Z'",
  "SELECT count(*) FROM event WHERE kind = 'error' AND at > '2026-01-02'",
  "SELECT * FROM event WHERE tags @> ARRAY['t5', 't7']",
  'SELECT * FROM event WHERE body @> \'{"page": "/p/7", "ms": 77}\'',
  "SELECT * FROM reading WHERE sensor = 7 AND at > '2026-03-30'",
  "SELECT sensor, avg(value) FROM reading WHERE at BETWEEN '2026-02-03' AND '2026-02-04' GROUP BY sensor",
]

export const expressionQueries: readonly string[] = [
  "SELECT * FROM customer WHERE lower(c_email) = 'abc@example.com'",
  "SELECT count(*) FROM event WHERE body ->> 'page' = '/p/7'",
  "SELECT * FROM event WHERE (body ->> 'ms')::int = 77",
]
