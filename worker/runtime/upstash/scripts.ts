import type { Script } from "./run-script.ts"

/**
 * What the store does, each in one atomic step. Keys: an entry (a hash), its group (a hash with a member for each entry
 * that the near lane may compare with), its tenant's book of invalidations (a hash: `base`, `clock`, `l:<label>`; see
 * worker/cache/epochs.ts).
 *
 * A member's value is a line `expiresAt usedAt quarantined stamp label…`, and the JSON of the neighbor below it, so that
 * no script has to read JSON.
 */

/** The book, and whether a stamp stands by it. Expects the book's key in `book_key`. */
const readBook = `
local kept = redis.call('HMGET', book_key, 'base', 'clock')
local base, clock = kept[1] or '', kept[2] or '0'
local function stands(stamp, labels)
  local at_base, at_clock = string.match(stamp, '^(%S*)%.(%d+)$')
  if base == '' or at_base ~= base then return false end
  if at_clock == clock then return true end
  local names = {}
  for label in string.gmatch(labels, '%S+') do names[#names + 1] = 'l:' .. label end
  if #names == 0 then return true end
  for _, tick in ipairs(redis.call('HMGET', book_key, unpack(names))) do
    if tick and tonumber(tick) > tonumber(at_clock) then return false end
  end
  return true
end
local function read_member(value)
  return string.match(value, '^(%d+) (%d+) ([01]) (%S+)([^\\n]*)\\n(.*)$')
end
`

/** A key that holds something else than a hash is not ours. */
const healKeys = `
for index = 1, #KEYS do
  local kind = redis.call('TYPE', KEYS[index])
  kind = kind.ok or kind
  if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[index]) end
end
`

/** Servers before Redis 7.4 have no end for single fields; there, the next write to the group clears away. */
const setMember = `
local function set_member(id, expires_at, used_at, quarantined, stamp, labels, json)
  local header = expires_at .. ' ' .. used_at .. ' ' .. quarantined .. ' ' .. stamp .. labels
  redis.call('HSET', KEYS[2], id, header .. '\\n' .. json)
  redis.pcall('HPEXPIREAT', KEYS[2], expires_at, 'FIELDS', '1', id)
end
`

/**
 * Keys: entry, group, book. Args: `group` or `entry`, the most members that are given.
 * Gives `[base, clock, "entry", …fields]`, `[base, clock, "group", id, member, …]`, or `["corrupt", number of the key]`.
 */
export const lookUpScript: Script = {
  writes: false,
  body: `
for index = 1, 3 do
  local kind = redis.call('TYPE', KEYS[index])
  kind = kind.ok or kind
  if kind ~= 'hash' and kind ~= 'none' then return {'corrupt', tostring(index)} end
end
local book_key = KEYS[3]
${readBook}
local entry = redis.call('HMGET', KEYS[1], 'stamp', 'labels', 'id', 'answer', 'hits', 'lastAccessAt', 'aliasSeal')
if entry[1] and stands(entry[1], entry[2] or '') then
  return {base, clock, 'entry', entry[3], entry[4], entry[5], entry[6], entry[7]}
end
if not entry[1] and redis.call('EXISTS', KEYS[1]) == 1 then return {'corrupt', '1'} end
local found = {base, clock, 'group'}
if ARGV[1] ~= 'group' then return found end
local members = redis.call('HGETALL', KEYS[2])
local left = tonumber(ARGV[2])
for index = 1, #members, 2 do
  local expires_at, used_at, quarantined, stamp, labels = read_member(members[index + 1])
  if left > 0 and expires_at and stands(stamp, labels) then
    found[#found + 1] = members[index]
    found[#found + 1] = members[index + 1]
    left = left - 1
  end
end
return found
`,
}

/**
 * Keys: entry, group, book. Args: epoch, base of a new book, life of a book in ms, labels, answer, its end, now, id,
 * neighbor or nothing, the group's limit, when the answer was made. Gives 1, or 0 for an answer that an invalidation overtook.
 */
export const writeScript: Script = {
  writes: true,
  body: `
${healKeys}
local book_key = KEYS[3]
${readBook}
local stamp, labels = ARGV[1], ARGV[4]
if base == '' and stamp == '.0' then
  base, clock = ARGV[2], '0'
  redis.call('HSET', book_key, 'base', base, 'clock', clock)
end
if stamp == '.0' and clock == '0' then stamp = base .. '.0' end
if not stands(stamp, labels) then return 0 end
redis.call('PEXPIRE', book_key, ARGV[3])

local expires_at, now, used_at, id = ARGV[6], tonumber(ARGV[7]), ARGV[11], ARGV[8]
local before = redis.call('HMGET', KEYS[1], 'id', 'aliases')
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'stamp', stamp, 'labels', labels, 'id', id, 'answer', ARGV[5], 'hits', '0')
if before[1] == id and before[2] then redis.call('HSET', KEYS[1], 'aliases', before[2]) end
redis.call('PEXPIREAT', KEYS[1], expires_at)
if ARGV[9] == '' then return 1 end

${setMember}
local quarantined, used = '0', {}
local members = redis.call('HGETALL', KEYS[2])
for index = 1, #members, 2 do
  local name = members[index]
  local ends, used_last, quarantine, at, of = read_member(members[index + 1])
  if name == id then quarantined = quarantine or '0'
  elseif not ends or tonumber(ends) <= now or not stands(at, of) then redis.call('HDEL', KEYS[2], name)
  else used[#used + 1] = {tonumber(used_last), name}
  end
end
table.sort(used, function(one, other) return one[1] < other[1] end)
for index = 1, #used - tonumber(ARGV[10]) + 1 do redis.call('HDEL', KEYS[2], used[index][2]) end
set_member(id, expires_at, used_at, quarantined, stamp, labels == '' and '' or ' ' .. labels, ARGV[9])
local lives_ms = redis.call('PTTL', KEYS[2])
local needs_ms = tonumber(expires_at) - now
if lives_ms < needs_ms then redis.call('PEXPIREAT', KEYS[2], expires_at) end
return 1
`,
}

/** Keys: entry, group. Args: the entry's id, now. */
export const touchScript: Script = {
  writes: true,
  body: `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[1], 'hits', 1)
redis.call('HSET', KEYS[1], 'lastAccessAt', ARGV[2])
local value = redis.call('HGET', KEYS[2], ARGV[1])
if not value then return 1 end
local expires_at, _, quarantined, stamp, labels, json = string.match(value, '^(%d+) (%d+) ([01]) (%S+)([^\\n]*)\\n(.*)$')
if not expires_at then return 1 end
${setMember}
set_member(ARGV[1], expires_at, ARGV[2], quarantined, stamp, labels, json)
return 1
`,
}

/** Keys: alias, entry. Args: ids of both, the most aliases, the alias's seal. Its end is the entry's. */
export const aliasScript: Script = {
  writes: true,
  body: `
${healKeys}
local entry = redis.call('HMGET', KEYS[2], 'id', 'stamp', 'labels', 'answer', 'aliases')
if entry[1] ~= ARGV[2] or not entry[4] then return 0 end
local aliases, count = entry[5] or '', 0
for _ in string.gmatch(aliases, '%S+') do count = count + 1 end
local lives_ms = redis.call('PTTL', KEYS[2])
if count >= tonumber(ARGV[3]) or lives_ms <= 0 then return 0 end
redis.call('HSET', KEYS[2], 'aliases', aliases .. ' ' .. ARGV[1])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'stamp', entry[2], 'labels', entry[3], 'id', ARGV[2], 'answer', entry[4], 'hits', '0')
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'aliasSeal', ARGV[4]) end
redis.call('PEXPIRE', KEYS[1], lives_ms)
return 1
`,
}

/**
 * Keys: entry, group. Args: the entry's id. Gives the id that lay there and the ids of its aliases: another id says that
 * it was an alias, and that the same has to be done to what it led to.
 */
export const quarantineScript: Script = {
  writes: true,
  body: `
${healKeys}
local entry = redis.call('HMGET', KEYS[1], 'id', 'aliases')
redis.call('DEL', KEYS[1])
local id = entry[1] or ARGV[1]
if id ~= ARGV[1] then return {id, ''} end
local value = redis.call('HGET', KEYS[2], id)
local expires_at, used_at, _, stamp, labels, json
if value then
  expires_at, used_at, _, stamp, labels, json = string.match(value, '^(%d+) (%d+) ([01]) (%S+)([^\\n]*)\\n(.*)$')
end
if expires_at then
  ${setMember}
  set_member(id, expires_at, used_at, '1', stamp, labels, json)
end
return {id, entry[2] or ''}
`,
}

/** Keys: book. Args: base of a new book, life of a book in ms, the most labels, then the labels; none for all. */
export const invalidateScript: Script = {
  writes: true,
  body: `
${healKeys}
local base = redis.call('HGET', KEYS[1], 'base')
local clock = redis.call('HINCRBY', KEYS[1], 'clock', 1)
for index = 4, #ARGV do redis.call('HSET', KEYS[1], 'l:' .. ARGV[index], clock) end
if not base or #ARGV == 3 or redis.call('HLEN', KEYS[1]) > tonumber(ARGV[3]) + 2 then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'base', ARGV[1], 'clock', clock)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`,
}
