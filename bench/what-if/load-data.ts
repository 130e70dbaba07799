import type { Database } from "../../control-plane/postgres/database.ts"

/**
 * Makes a trading company's tables in the manner of TPC-H, and the shapes that it lacks: documents, arrays, addresses, partitions. All
 * from one seed. At scale 1 the largest table has six million rows.
 */
export const loadData = async (database: Database, scale: number): Promise<void> => {
  await database.query("SELECT setseed(0.42)")
  for (const statement of statements(scale)) await database.query(statement)
}

const statements = (scale: number): readonly string[] => {
  const count = (rowsAtScaleOne: number): number => Math.max(25, Math.round(rowsAtScaleOne * scale))
  const [suppliers, parts, customers, orders, events] = [
    count(10_000),
    count(200_000),
    count(150_000),
    count(1_500_000),
    count(2_000_000),
  ]
  return [
    "CREATE TABLE nation (n_nationkey int PRIMARY KEY, n_name char(25) NOT NULL, n_regionkey int NOT NULL)",
    "INSERT INTO nation SELECT i, 'NATION ' || i, i % 5 FROM generate_series(0, 24) i",
    `CREATE TABLE supplier (s_suppkey int PRIMARY KEY, s_name char(25) NOT NULL, s_nationkey int NOT NULL REFERENCES nation,
       s_acctbal numeric(15, 2) NOT NULL)`,
    `INSERT INTO supplier SELECT i, 'Supplier#' || lpad(i::text, 9, '0'), floor(random() * 25), round((random() * 10000)::numeric, 2)
       FROM generate_series(1, ${suppliers}) i`,
    `CREATE TABLE part (p_partkey int PRIMARY KEY, p_name varchar(55) NOT NULL, p_brand char(10) NOT NULL, p_type varchar(25) NOT NULL,
       p_size int NOT NULL, p_container char(10) NOT NULL, p_retailprice numeric(15, 2) NOT NULL)`,
    `INSERT INTO part SELECT i, (ARRAY['almond', 'azure', 'blush', 'coral', 'forest', 'green', 'lace'])[1 + floor(random() * 7)::int] || ' ' || md5(i::text),
       'Brand#' || 11 + floor(random() * 25)::int, (ARRAY['ECONOMY', 'STANDARD', 'PROMO'])[1 + floor(random() * 3)::int] || ' ' ||
       (ARRAY['BRASS', 'STEEL', 'TIN', 'COPPER'])[1 + floor(random() * 4)::int], 1 + floor(random() * 50),
       (ARRAY['SM BOX', 'MED BAG', 'LG CASE', 'WRAP JAR'])[1 + floor(random() * 4)::int], 900 + i % 1000 FROM generate_series(1, ${parts}) i`,
    `CREATE TABLE customer (c_custkey int PRIMARY KEY, c_name varchar(25) NOT NULL, c_email text NOT NULL, c_nationkey int NOT NULL REFERENCES nation,
       c_phone char(15), c_acctbal numeric(15, 2) NOT NULL, c_mktsegment char(10) NOT NULL)`,
    `INSERT INTO customer SELECT i, 'Customer#' || lpad(i::text, 9, '0'), initcap(md5(i::text)) || '@' ||
       (ARRAY['example.com', 'mail.test', 'corp.example'])[1 + i % 3], floor(random() * 25), CASE WHEN random() < 0.8 THEN lpad(i::text, 15, '5') END,
       round((random() * 11000 - 1000)::numeric, 2), (ARRAY['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD'])[1 + floor(random() * 5)::int]
       FROM generate_series(1, ${customers}) i`,
    `CREATE TABLE orders (o_orderkey int PRIMARY KEY, o_custkey int NOT NULL REFERENCES customer, o_orderstatus char(1) NOT NULL,
       o_totalprice numeric(15, 2) NOT NULL, o_orderdate date NOT NULL, o_orderpriority char(15) NOT NULL, o_comment varchar(79) NOT NULL)`,
    `INSERT INTO orders SELECT i, 1 + floor(random() * ${customers}), (ARRAY['F', 'O', 'P', 'F', 'O'])[1 + floor(random() * 4.1)::int],
       round((1000 + random() * random() * 300000)::numeric, 2), date '1992-01-01' + floor(random() * 2405)::int,
       (ARRAY['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'])[1 + floor(random() * 5)::int],
       left(md5(random()::text) || md5(random()::text), 19 + floor(random() * 45)::int) FROM generate_series(1, ${orders}) i`,
    `CREATE TABLE lineitem (l_orderkey int NOT NULL REFERENCES orders, l_linenumber int NOT NULL, l_partkey int NOT NULL, l_suppkey int NOT NULL,
       l_quantity numeric(15, 2) NOT NULL, l_extendedprice numeric(15, 2) NOT NULL, l_discount numeric(15, 2) NOT NULL,
       l_returnflag char(1) NOT NULL, l_shipdate date NOT NULL, l_receiptdate date NOT NULL, l_shipmode char(10) NOT NULL,
       PRIMARY KEY (l_orderkey, l_linenumber))`,
    `INSERT INTO lineitem SELECT o_orderkey, line, 1 + floor(random() * ${parts}), 1 + floor(random() * ${suppliers}), 1 + floor(random() * 50),
       round((900 + random() * 100000)::numeric, 2), round((floor(random() * 11) / 100)::numeric, 2), (ARRAY['N', 'R', 'A'])[1 + floor(random() * 2.2)::int],
       o_orderdate + 1 + floor(random() * 121)::int, o_orderdate + 5 + floor(random() * 140)::int,
       (ARRAY['AIR', 'FOB', 'MAIL', 'RAIL', 'REG AIR', 'SHIP', 'TRUCK'])[1 + floor(random() * 7)::int]
       FROM (SELECT o_orderkey, o_orderdate, 1 + floor(random() * 7)::int AS lines FROM orders) o, LATERAL generate_series(1, lines) line`,
    "CREATE TABLE event (id bigint NOT NULL, kind text NOT NULL, at timestamptz NOT NULL, body jsonb NOT NULL, tags text[] NOT NULL)",
    `INSERT INTO event SELECT i, (ARRAY['click', 'view', 'buy', 'error'])[1 + floor(power(random(), 3) * 4)::int],
       timestamptz '2026-01-01' + i * interval '7 seconds', jsonb_build_object('user', floor(random() * ${customers})::int,
       'page', '/p/' || floor(random() * 200)::int, 'ms', floor(random() * 1000)::int), ARRAY['t' || floor(random() * 60)::int, 't' || floor(random() * 60)::int]
       FROM generate_series(1, ${events}) i`,
    "CREATE TABLE reading (sensor int NOT NULL, at timestamptz NOT NULL, value float8) PARTITION BY RANGE (at)",
    ...[1, 2, 3].map(
      (month) =>
        `CREATE TABLE reading_${month} PARTITION OF reading FOR VALUES FROM ('2026-0${month}-01') TO ('2026-0${month + 1}-01')`,
    ),
    `INSERT INTO reading SELECT floor(random() * 500), timestamptz '2026-01-01' + random() * interval '89 days', random() * 100
       FROM generate_series(1, ${count(1_000_000)})`,
    "VACUUM ANALYZE",
  ]
}
