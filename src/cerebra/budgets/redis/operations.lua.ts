import { limitsLua } from './limits.lua.js';
import { safetyLua } from './safety.lua.js';

/** Where it is told which budgets have got room; the message is the suffix of a window's key. */
export const ROOM_CHANNEL = 'room';

/**
 * So long a new life of the store lets no call pass on a hard budget that closes: every replica must get to hold again
 * what runs there, and the ledger the rows of what ended last, which takes it two seconds.
 */
export const YOUNG_MS = 2_000;

/**
 * A batch of operations on the counters, each all or nothing, in one round trip: what the calls of one turn of the
 * event loop ask for. Kept in a string, since the compiler copies no other files.
 *
 * KEYS[1]  the prefix of all keys, with the hash tag that keeps them on one node of a cluster
 * ARGV     lease in ms, longest wait in ms, then per operation: name, call, epoch, amount, age in ms, least amount,
 *          window that earlier calls wait for (-1: none), sharers, used tokens (-1: never made), key with limits (empty:
 *          none) and, where there is one, tokens, rpm, tpm and parallel (0: no limit), number of windows, and per window:
 *          suffix of its key, start, counted since, expiry (0: none), limit (-1: counts but never refuses), 1 if it
 *          closes while the store is away
 *
 * Keys: `epoch` names this life of the store; `w:<budget>:<start>` is a hash of s (settled), r (reserved), seed (the
 * life and definition in which the ledger was read), at (when) and w (until when somebody may wait for it);
 * `c:<call>` is `h <bound> <limits> <windows>` while held and `c <charged> - <windows>` once charged without a settlement; `leases` orders the held calls by expiry.
 * Amounts are nano-USD below 2^53, so Lua's doubles hold them exactly; larger ones are counted as 2^53 - 1.
 * Returns the epoch, the replies and the fault of the last operation that failed; it has changed nothing.
 */
export const operationsLua = `
local prefix = KEYS[1]
local leases = prefix .. 'leases'
local lease, longestWait = tonumber(ARGV[1]), tonumber(ARGV[2])
local epoch = redis.call('GET', prefix .. 'epoch')
if not epoch then return redis.error_reply('NOEPOCH the store is empty') end
local born = tonumber(string.match(epoch, '^%d+'))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
${safetyLua}
${limitsLua}
-- A correction stays possible for a day; the ledger holds a call's row within two seconds of its end.
local KEEP, LEDGER_LAG = 86400000, 2000
local YOUNG = ${YOUNG_MS}

local cursor = 2
local function take()
  cursor = cursor + 1
  return ARGV[cursor]
end

local function takeWindow()
  local window = { key = prefix .. 'w:' .. take(), start = tonumber(take()) }
  local since = take()
  window.expiry, window.limit, window.closes = take(), tonumber(take()), take() == '1'
  window.mark, window.since = epoch .. '/' .. since, tonumber(since)
  return window
end

local function read(window)
  local state = redis.call('HMGET', window.key, 's', 'r', 'seed', 'at')
  window.settled, window.reserved = tonumber(state[1] or 0), tonumber(state[2] or 0)
  window.at = tonumber(state[4] or 0)
  -- What the ledger said while the store was young may lack the last calls of the life before.
  local early = window.at > 0 and window.at < born + YOUNG and now >= born + YOUNG
  -- One that began in this life of the store, and after its budget, can have no spending that was not seen.
  window.seeded = (state[3] == window.mark and not early)
    or (not state[3] and window.start >= born and window.start >= window.since)
  window.lost = not window.seeded and not state[3]
end

local function takeRate()
  local key = take()
  if key == '' then return nil end
  local rate = { key = key, tokens = tonumber(take()), rpm = tonumber(take()), tpm = tonumber(take()) }
  rate.parallel = tonumber(take())
  return rate
end

local function unseeded(windows, onlyLost)
  local reply = { 'unseeded' }
  for index, window in ipairs(windows) do
    if window.lost or not onlyLost and not window.seeded then reply[#reply + 1] = index - 1 end
  end
  return #reply > 1 and reply or nil
end

local function expire(window)
  if window.expiry ~= '0' then redis.call('PEXPIREAT', window.key, window.expiry) end
end

local function keep(window)
  redis.call('HSET', window.key, 'seed', window.mark)
  expire(window)
end

local function keysOf(windows)
  local keys = {}
  for index, window in ipairs(windows) do keys[index] = window.key end
  return table.concat(keys, ' ')
end

-- Held amounts came free: those who wait for this window try again.
local function tellRoom(key, waitedFor)
  if waitedFor and tonumber(waitedFor) > now then
    redis.call('PUBLISH', prefix .. '${ROOM_CHANNEL}', string.sub(key, #prefix + 3))
  end
end

local function hold(call, amount, rate, windows)
  local limits = rate and rate.key .. '/' .. exact(rate.tokens) or '-'
  redis.call('ZADD', leases, now + lease, call)
  redis.call('SET', prefix .. 'c:' .. call, 'h ' .. exact(amount) .. ' ' .. limits .. ' ' .. keysOf(windows))
  for _, window in ipairs(windows) do
    redis.call('HSET', window.key, 'r', exact(clamped(window.reserved + amount)))
    expire(window)
  end
end

local operations = {}

function operations.reserve(op, windows)
  for _, window in ipairs(windows) do
    if window.closes and now < born + YOUNG then return { 'young' } end
  end
  local missing = unseeded(windows)
  if missing then return missing end
  local room, full = -1, nil
  for index, window in ipairs(windows) do
    if window.limit >= 0 then
      local unspent = window.limit - window.settled
      if unspent < op.least then return { 'refused', index - 1, window.settled, window.reserved } end
      local unheld = unspent - window.reserved
      if not full and (unheld < op.least or index - 1 == op.behind) then full = index end
      if room < 0 or unheld < room then room = unheld end
    end
  end
  local meter = op.rate and meterOf(op.rate.key)
  if meter then
    local short, retryAfter = shortageOf(meter, op.rate)
    if short then return { 'limited', short, retryAfter, unpack(allowancesOf(meter, op.rate)) } end
  end
  if full then
    local window = windows[full]
    redis.call('HSET', window.key, 'w', now + longestWait)
    keep(window)
    return { 'full', full - 1, window.settled, window.reserved }
  end
  -- See grant.pure.ts.
  local bound = op.amount
  if room >= 0 and room < bound then bound = math.max(op.least, math.floor(room / math.min(op.sharers, 8))) end
  local allowances = { 0, 0, 0, 0 }
  if meter then
    takeOf(meter, op.rate)
    allowances = allowancesOf(meter, op.rate)
  end
  hold(op.call, bound, op.rate, windows)
  for _, window in ipairs(windows) do keep(window) end
  return { 'admitted', bound, room < 0 and -1 or room - bound, unpack(allowances) }
end

-- What the windows of a record are to hold, before any of it is written.
local function changed(keys, settled, released)
  local windows = {}
  for key in string.gmatch(keys, '%S+') do
    local kept = redis.call('HMGET', key, 's', 'r', 'seed', 'w')
    if kept[2] or kept[3] then
      windows[#windows + 1] = {
        key = key,
        settled = exact(clamped(tonumber(kept[1] or 0) + settled)),
        reserved = exact(clamped(tonumber(kept[2] or 0) - released)),
        waitedFor = kept[4],
      }
    end
  end
  return windows
end

local function settleRecord(op, windows, key, record)
  local state, before, limits, keys = string.match(record, '^(%a) (%d+) (%S+) (.*)$')
  local held = state == 'h'
  before = amountOf(before)
  -- What was spent in a lost window before must be known first: a seed does not add to what is counted already.
  local missing = held and unseeded(windows, true)
  if missing then return missing end
  local changes = changed(keys, held and op.amount or op.amount - before, held and before or 0)
  if held then
    redis.call('ZREM', leases, op.call)
    release(limits, op.used)
    redis.call('DEL', key)
  else
    redis.call('SET', key, 'c ' .. exact(op.amount) .. ' - ' .. keys, 'KEEPTTL')
  end
  for _, window in ipairs(changes) do
    redis.call('HSET', window.key, 's', window.settled, 'r', window.reserved)
    tellRoom(window.key, window.waitedFor)
  end
  return { 'settled' }
end

function operations.settle(op, windows)
  local key = prefix .. 'c:' .. op.call
  local record = redis.call('GET', key)
  if record then return settleRecord(op, windows, key, record) end
  -- Held in this life and gone: it was settled before. Held in none or another: this store has not counted it yet,
  -- unless it ended before the ledger was read.
  if op.heldIn == epoch or #windows == 0 then return { 'settled' } end
  local missing = unseeded(windows)
  if missing then return missing end
  for _, window in ipairs(windows) do
    if now - op.age + LEDGER_LAG >= window.at then
      redis.call('HSET', window.key, 's', exact(clamped(window.settled + op.amount)))
      keep(window)
    end
  end
  redis.call('SET', key, 'c ' .. exact(op.amount) .. ' - ' .. keysOf(windows), 'PX', KEEP)
  return { 'settled' }
end

function operations.renew(op, windows)
  if redis.call('ZSCORE', leases, op.call) then
    redis.call('ZADD', leases, now + lease, op.call)
    if op.rate then redis.call('PEXPIRE', prefix .. 'l:' .. op.rate.key, METER_KEEP) end
    return { 'renewed' }
  end
  if op.heldIn == epoch or redis.call('EXISTS', prefix .. 'c:' .. op.call) == 1 then return { 'gone' } end
  -- The store that held it was lost. The money may still be spent, so it is held again, whatever the limit, and
  -- at once: the ledger may take longer than the store is young.
  if op.rate then takeOf(meterOf(op.rate.key), op.rate) end
  hold(op.call, op.amount, op.rate, windows)
  return { 'renewed' }
end

function operations.state(_, windows)
  return unseeded(windows) or { 'state', windows[1].settled, windows[1].reserved }
end

local function perform(name, op, windows)
  op.amount, op.least = amountOf(op.amount), amountOf(op.least)
  for _, window in ipairs(windows) do read(window) end
  return operations[name](op, windows)
end

local replies, lastFault = {}, ''
while cursor < #ARGV do
  local name = take()
  local op = { call = take(), heldIn = take(), amount = take(), age = tonumber(take()), least = take() }
  op.behind, op.sharers, op.used, op.rate = tonumber(take()), tonumber(take()), tonumber(take()), takeRate()
  local windows = {}
  for index = 1, tonumber(take()) do windows[index] = takeWindow() end
  local reply, fault = attempt(perform, name, op, windows)
  replies[#replies + 1] = reply or { 'failed' }
  lastFault = fault or lastFault
end
return { epoch, replies, lastFault }
`;
