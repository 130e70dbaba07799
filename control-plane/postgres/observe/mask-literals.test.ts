import { expect, test } from "vitest"
import { maskLiterals } from "./mask-literals.ts"

test.each([
  ["SELECT * FROM users WHERE email = 'a@b.c' AND id = 42", "SELECT * FROM users WHERE email = ? AND id = ?"],
  ["CREATE USER x PASSWORD 's3cret'", "CREATE USER x PASSWORD ?"],
  ["SELECT 'it''s', E'a\\'b', B'01', U&'d\\0061t', $tag$ any 'thing' $tag$, $$x$$", "SELECT ?, ?, ?, ?, ?, ?"],
  ['SELECT "Column 7", t1.c2, $1 FROM "t""x"', 'SELECT "Column 7", t1.c2, $1 FROM "t""x"'],
  ["SELECT 1 -- password: hunter2\n, 2 /* key=abc */", "SELECT ?  \n, ?  "],
  ["SELECT 1.5e10, 0x1F, 1_000, -3", "SELECT ?, ?, ?, -?"],
  ["SELECT 'cut off in the mid", "SELECT ?"],
  ["SELECT $q$ cut", "SELECT ?"],
  ["SELECT 'C:\\' , 'hunter2'", "SELECT ? , ?"],
  ["SELECT /* a /* b */ hunter2 */ x", "SELECT   x"],
  ["SELECT /* never ends /* */ hunter2", "SELECT  "],
  ["SELECT $é$ hunter2 $é$", "SELECT ?"],
])("%s", (sql, masked) => {
  expect(maskLiterals(sql)).toBe(masked)
})

test("no secret survives, wherever in a literal or comment it stands", () => {
  const secret = "s3cr3t"
  const holders = [
    `'${secret}'`,
    `E'\\'${secret}'`,
    `$$${secret}$$`,
    `$a$'${secret}'$a$`,
    `/* ${secret} */`,
    `-- ${secret}\n`,
    `'a''${secret}'`,
    `12${secret}`,
  ]
  for (const one of holders)
    for (const other of holders) expect(maskLiterals(`SELECT ${one} , ${other}`)).not.toContain(secret)
})
