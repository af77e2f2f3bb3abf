-- For wrk: asks for one thing after the other, each for another app, and reports in a form for programs.
-- Arguments: a file with a request body per line, the end of each, and how many lines to use; none for an empty GET.

local requests = {}
local current = 0
-- Neighbours in the file are neighbours in the database, so that a stride is harder on caches. It is prime: it
-- meets every app before it meets one again, unless their number is a multiple of it.
local stride = 7919

function init(args)
  if #args == 0 then
    requests[1] = wrk.format("GET")
  else
    local headers = {
      ["Host"] = wrk.headers["Host"],
      ["Content-Type"] = "application/x-www-form-urlencoded",
    }
    local most = tonumber(args[3])
    for body in io.lines(args[1]) do
      if #requests == most then break end
      requests[#requests + 1] = wrk.format("POST", nil, headers, body .. args[2])
    end
  end
  if #requests % stride == 0 then
    stride = 1
  end
end

function request()
  current = (current + stride) % #requests
  return requests[current + 1]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    "measured: requests=%d microseconds=%d p50=%d p99=%d p999=%d refused=%d failed=%d\n",
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), errors.status, failed
  ))
end
