/**
 * The meters of keys with limits, as `limits/meter.pure.ts` describes them, for the other scripts to begin with.
 *
 * `l:<key>` is a hash of q (requests) and t (tokens) that were taken and have not flowed back by `at`, p (calls that
 * are running), and the rpm and tpm at which they flow back. Expects `prefix` and `now`.
 */
export const limitsLua = `
-- Longer than anything flows back, and renewed by calls that run.
local METER_KEEP = 86400000

local function meterOf(suffix)
  local key = prefix .. 'l:' .. suffix
  local kept = redis.call('HMGET', key, 'q', 't', 'p', 'at', 'rpm', 'tpm')
  local minutes = math.max(0, now - tonumber(kept[4] or now)) / 60000
  return {
    key = key,
    requests = math.max(0, tonumber(kept[1] or 0) - minutes * tonumber(kept[5] or 0)),
    tokens = math.max(0, tonumber(kept[2] or 0) - minutes * tonumber(kept[6] or 0)),
    parallel = tonumber(kept[3] or 0),
    rpm = kept[5] or '0',
    tpm = kept[6] or '0',
  }
end

local function keepMeter(meter)
  redis.call('HSET', meter.key, 'q', string.format('%.6f', meter.requests), 't', string.format('%.6f', meter.tokens),
    'p', meter.parallel, 'at', now, 'rpm', meter.rpm, 'tpm', meter.tpm)
  redis.call('PEXPIRE', meter.key, METER_KEEP)
end

local function untilBack(amount, perMinute)
  return math.ceil(amount / perMinute * 60000)
end

-- What a client is told: remaining and reset of requests and of tokens.
local function allowancesOf(meter, rate)
  local told = { 0, 0, 0, 0 }
  if rate.rpm > 0 then
    told[1], told[2] = math.max(0, math.floor(rate.rpm - meter.requests)), untilBack(meter.requests, rate.rpm)
  end
  if rate.tpm > 0 then
    told[3], told[4] = math.max(0, math.floor(rate.tpm - meter.tokens)), untilBack(meter.tokens, rate.tpm)
  end
  return told
end

-- Which limit has not enough left (its index in rateNames), and when it will have (-1: never); nothing where all have.
local function shortageOf(meter, rate)
  if rate.parallel > 0 and meter.parallel >= rate.parallel then return 2, 1000 end
  if rate.rpm > 0 and meter.requests + 1 > rate.rpm then
    return 0, untilBack(meter.requests + 1 - rate.rpm, rate.rpm)
  end
  if rate.tpm > 0 and meter.tokens + rate.tokens > rate.tpm then
    if rate.tokens > rate.tpm then return 1, -1 end
    return 1, untilBack(meter.tokens + rate.tokens - rate.tpm, rate.tpm)
  end
end

local function takeOf(meter, rate)
  meter.rpm, meter.tpm = rate.rpm, rate.tpm
  if rate.rpm > 0 then meter.requests = meter.requests + 1 end
  if rate.tpm > 0 then meter.tokens = meter.tokens + rate.tokens end
  meter.parallel = meter.parallel + 1
  keepMeter(meter)
end

-- taken: '<key>/<tokens>' as the call's record has it, '-' for none; used: tokens in the end, -1 for a call never made
local function release(taken, used)
  local suffix, tokens = string.match(taken, '^(.*)/(%d+)$')
  if not suffix then return end
  local meter = meterOf(suffix)
  if used < 0 and tonumber(meter.rpm) > 0 then meter.requests = math.max(0, meter.requests - 1) end
  if tonumber(meter.tpm) > 0 then meter.tokens = math.max(0, meter.tokens + math.max(0, used) - tokens) end
  meter.parallel = math.max(0, meter.parallel - 1)
  keepMeter(meter)
end
`;
