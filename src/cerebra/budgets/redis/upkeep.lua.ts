import { limitsLua } from './limits.lua.js';
import { YOUNG_MS } from './operations.lua.js';
import { safetyLua } from './safety.lua.js';

/** Where it is told that the store has begun a new life; the message is its epoch. */
export const EPOCH_CHANNEL = 'epoch';

/**
 * Begins a life of the store unless it goes on: a server that was restarted, failed over or flushed may have lost
 * counts, so every window is compared with the ledger once more.
 * KEYS[1] prefix; ARGV[1] run id of the server
 * Returns the epoch, and its age in milliseconds.
 */
export const openLua = `
local key = KEYS[1] .. 'epoch'
local epoch = redis.call('GET', key)
local time = redis.call('TIME')
local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
if epoch and string.sub(epoch, -#ARGV[1]) == ARGV[1] then
  return { epoch, tonumber(now) - tonumber(string.match(epoch, '^%d+')) }
end
epoch = now .. ':' .. ARGV[1]
redis.call('SET', key, epoch)
redis.call('PUBLISH', KEYS[1] .. '${EPOCH_CHANNEL}', epoch)
return { epoch, 0 }
`;

/**
 * Begins a window with what the ledger knows; the first replica that has it wins. What is counted already may be newer
 * than the ledger, so the larger of the two stands.
 * KEYS[1] prefix; ARGV: epoch, suffix of the window's key, counted since, spent, expiry (0: none)
 */
export const seedLua = `
local epoch, key, mark = ARGV[1], KEYS[1] .. 'w:' .. ARGV[2], ARGV[1] .. '/' .. ARGV[3]
if redis.call('GET', KEYS[1] .. 'epoch') ~= epoch then return 0 end
local kept = redis.call('HMGET', key, 's', 'seed', 'at')
local settled, at = tonumber(kept[1] or 0), tonumber(kept[3] or 0)
-- Of what was read while the store was young, see operationsLua.
if kept[2] == mark and not (at > 0 and at < string.match(epoch, '^%d+') + ${YOUNG_MS}) then return 0 end
if tonumber(ARGV[4]) > settled then redis.call('HSET', key, 's', ARGV[4]) end
local time = redis.call('TIME')
redis.call('HSET', key, 'seed', mark, 'at', time[1] * 1000 + math.floor(time[2] / 1000))
if ARGV[5] ~= '0' then redis.call('PEXPIREAT', key, ARGV[5]) end
return 1
`;

/**
 * Charges at their bound the calls whose lease has run out, and keeps what is needed to correct it for a day.
 * KEYS[1] prefix; ARGV[1] at most so many
 */
export const sweepLua = `
local prefix = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
${safetyLua}
${limitsLua}
local function charge(call)
  local key = prefix .. 'c:' .. call
  local bound, limits, keys = string.match(redis.call('GET', key) or '', '^h (%d+) (%S+) (.*)$')
  if not bound then return end
  local amount, windows = amountOf(bound), {}
  for window in string.gmatch(keys, '%S+') do
    local kept = redis.call('HMGET', window, 's', 'r')
    if kept[1] or kept[2] then
      windows[window] = { tonumber(kept[1] or 0) + amount, tonumber(kept[2] or 0) - amount }
    end
  end
  release(limits, tonumber(string.match(limits, '%d+$') or 0))
  redis.call('SET', key, 'c ' .. exact(amount) .. ' - ' .. keys, 'PX', 86400000)
  for window, counts in pairs(windows) do
    redis.call('HSET', window, 's', exact(clamped(counts[1])), 'r', exact(clamped(counts[2])))
  end
end

local calls = redis.call('ZRANGEBYSCORE', prefix .. 'leases', '-inf', now, 'LIMIT', 0, ARGV[1])
for _, call in ipairs(calls) do
  attempt(charge, call)
  redis.call('ZREM', prefix .. 'leases', call)
end
return #calls
`;
