-- Counts one request against each key, or against none: GCRA by the server's own clock.
-- KEYS: one for each limit. ARGV: for each limit the interval and the full burst, in microseconds.
-- A key holds the time at which nothing will be owed any more, in microseconds since 2026.
-- Answers {0, owed, owed, ...}, or {number of the limit, wait, owed} when one has nothing left.
local time = redis.call('TIME')
local now = (time[1] - 1767225600) * 1000000 + time[2]
local owed = {}
local refused, longest = 0, 0
for i = 1, #KEYS do
  local interval, full = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local until_then = tonumber(redis.call('GET', KEYS[i]) or now)
  owed[i] = math.min(math.max(until_then - now, 0), full)
  local wait = owed[i] + interval - full
  -- Not for less than what the clock can tell.
  if wait > 0.5 and wait > longest then
    refused, longest = i, wait
  end
end
if refused > 0 then
  return {refused, math.ceil(longest), math.ceil(owed[refused])}
end
local answer = {0}
for i = 1, #KEYS do
  owed[i] = owed[i] + tonumber(ARGV[2 * i - 1])
  local milliseconds = math.ceil(owed[i] / 1000)
  redis.call('SET', KEYS[i], string.format('%.3f', now + owed[i]), 'PX', milliseconds)
  answer[i + 1] = math.ceil(owed[i])
end
return answer
