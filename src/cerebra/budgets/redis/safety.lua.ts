/**
 * For the scripts to begin with: Redis takes nothing back when a script fails in its middle, so amounts are brought
 * into range before anything is written, and what fails for one call must not keep others from being counted.
 */
export const safetyLua = `
-- The largest whole number that a double counts exactly, 2^53 - 1; %.14g, as Lua prints, would round it.
local MOST = 9007199254740991

local function clamped(amount)
  return math.max(0, math.min(amount, MOST))
end

local function amountOf(word)
  local amount = tonumber(word)
  if not amount or amount ~= amount then error('an amount is not a number') end
  return clamped(amount)
end

local function exact(amount)
  return string.format('%.0f', amount)
end

-- Not a fault of what was asked: nothing can be written to this server now.
local CONDITIONS = { 'READONLY', 'OOM', 'MISCONF', 'NOREPLICAS', 'MASTERDOWN', 'CLUSTERDOWN' }

-- Returns what the task returns, or nothing and the fault.
local function attempt(task, ...)
  local done, answer = pcall(task, ...)
  if done then return answer end
  local fault = type(answer) == 'table' and answer.err or tostring(answer)
  for _, condition in ipairs(CONDITIONS) do
    if string.find(fault, condition, 1, true) then error(answer) end
  end
  return nil, fault
end
`;
