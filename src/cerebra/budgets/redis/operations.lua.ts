/**
 * A batch of operations on the counters, each all or nothing, in one round trip: what the calls of one turn of the
 * event loop ask for. Kept in a string, since the compiler copies no other files.
 *
 * KEYS[1]  the prefix of all keys, with the hash tag that keeps them on one node of a cluster
 * ARGV     lease in ms, then per operation: name, call, epoch, amount, age in ms, number of windows, and per window:
 *          suffix of its key, start, counted since, expiry (0: none), limit (-1: counts but never refuses)
 *
 * Keys: `epoch` names this life of the store; `w:<budget>:<start>` is a hash of s (settled), r (reserved), seed (the
 * life and definition in which the ledger was read) and at (when); `c:<call>` is `h <bound> <windows>` while held and
 * `c <charged> <windows>` once charged without a settlement; `leases` orders the held calls by expiry.
 * Amounts are nano-USD below 2^53, so Lua's doubles hold them exactly; they are handed on as the strings they came as.
 */
export const operationsLua = `
local prefix = KEYS[1]
local leases = prefix .. 'leases'
local lease = tonumber(ARGV[1])
local epoch = redis.call('GET', prefix .. 'epoch')
if not epoch then return redis.error_reply('NOEPOCH the store is empty') end
local born = tonumber(string.match(epoch, '^%d+'))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A correction stays possible for a day; the ledger holds a call's row within two seconds of its end.
local KEEP, LEDGER_LAG = 86400000, 2000

local cursor = 1
local function take()
  cursor = cursor + 1
  return ARGV[cursor]
end

local function takeWindow()
  local window = { key = prefix .. 'w:' .. take(), start = tonumber(take()) }
  local since = take()
  window.expiry, window.limit = take(), tonumber(take())
  window.mark = epoch .. '/' .. since
  local state = redis.call('HMGET', window.key, 's', 'r', 'seed', 'at')
  window.settled, window.reserved = tonumber(state[1] or 0), tonumber(state[2] or 0)
  window.at = tonumber(state[4] or 0)
  -- One that began in this life of the store, and after its budget, can have no spending that was not seen.
  window.seeded = state[3] == window.mark
    or (not state[3] and window.start >= born and window.start >= tonumber(since))
  return window
end

local function unseeded(windows)
  local reply = { 'unseeded' }
  for index, window in ipairs(windows) do
    if not window.seeded then reply[#reply + 1] = index - 1 end
  end
  return #reply > 1 and reply or nil
end

local function keep(window)
  redis.call('HSET', window.key, 'seed', window.mark)
  if window.expiry ~= '0' then redis.call('PEXPIREAT', window.key, window.expiry) end
end

local function keysOf(windows)
  local keys = {}
  for index, window in ipairs(windows) do keys[index] = window.key end
  return table.concat(keys, ' ')
end

local function hold(call, amount, windows)
  for _, window in ipairs(windows) do
    redis.call('HINCRBY', window.key, 'r', amount)
    keep(window)
  end
  redis.call('SET', prefix .. 'c:' .. call, 'h ' .. amount .. ' ' .. keysOf(windows))
  redis.call('ZADD', leases, now + lease, call)
end

local operations = {}

function operations.reserve(call, _, amount, _, windows)
  local bound, left = tonumber(amount), -1
  local missing = unseeded(windows)
  if missing then return missing end
  for index, window in ipairs(windows) do
    if window.limit >= 0 then
      local rest = window.limit - window.settled - window.reserved - bound
      if rest < 0 then return { 'refused', index - 1, window.settled, window.reserved } end
      if left < 0 or rest < left then left = rest end
    end
  end
  hold(call, amount, windows)
  return { 'admitted', left }
end

function operations.settle(call, heldIn, amount, age, windows)
  local key = prefix .. 'c:' .. call
  local record = redis.call('GET', key)
  if record then
    local state, before, keys = string.match(record, '^(%a) (%d+) (.*)$')
    local held = state == 'h'
    local change = held and amount or string.format('%.0f', tonumber(amount) - tonumber(before))
    for window in string.gmatch(keys, '%S+') do
      if redis.call('EXISTS', window) == 1 then
        if held then redis.call('HINCRBY', window, 'r', string.format('%.0f', 0 - before)) end
        redis.call('HINCRBY', window, 's', change)
      end
    end
    if held then
      redis.call('DEL', key)
      redis.call('ZREM', leases, call)
    else
      redis.call('SET', key, 'c ' .. amount .. ' ' .. keys, 'KEEPTTL')
    end
    return { 'settled' }
  end
  -- Held in this life and gone: it was settled before. Held in none or another: this store has not counted it yet,
  -- unless it ended before the ledger was read.
  if heldIn == epoch or #windows == 0 then return { 'settled' } end
  local missing = unseeded(windows)
  if missing then return missing end
  for _, window in ipairs(windows) do
    if now - age + LEDGER_LAG >= window.at then
      redis.call('HINCRBY', window.key, 's', amount)
      keep(window)
    end
  end
  redis.call('SET', key, 'c ' .. amount .. ' ' .. keysOf(windows), 'PX', KEEP)
  return { 'settled' }
end

function operations.renew(call, heldIn, amount, _, windows)
  if redis.call('ZSCORE', leases, call) then
    redis.call('ZADD', leases, now + lease, call)
    return { 'renewed' }
  end
  if heldIn == epoch or redis.call('EXISTS', prefix .. 'c:' .. call) == 1 then return { 'gone' } end
  -- The store that held it was lost. The money may still be spent, so it is held again, whatever the limit.
  local missing = unseeded(windows)
  if missing then return missing end
  hold(call, amount, windows)
  return { 'renewed' }
end

function operations.state(_, _, _, _, windows)
  return unseeded(windows) or { 'state', windows[1].settled, windows[1].reserved }
end

local replies = {}
while cursor < #ARGV do
  local name, call, heldIn, amount, age = take(), take(), take(), take(), tonumber(take())
  local windows = {}
  for index = 1, tonumber(take()) do windows[index] = takeWindow() end
  replies[#replies + 1] = operations[name](call, heldIn, amount, age, windows)
end
return { epoch, replies }
`;
