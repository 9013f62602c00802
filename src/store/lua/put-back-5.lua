-- Puts back what a dead worker was about, once, however many notice its death. KEYS: the queue, the sorted set of workers,
-- the list of what this worker was about, the hash of how often each task was put back, the list of tasks set aside.
-- ARGV: the worker, milliseconds without a sign of life after which it is dead, how often a task may be put back, how many
-- tasks are kept aside. Answers the number of tasks that were put back.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local beat = redis.call('ZSCORE', KEYS[2], ARGV[1])
if beat and tonumber(beat) > now - ARGV[2] then
  return 0
end
local back = 0
local task = redis.call('RPOP', KEYS[3])
while task do
  local deaths = redis.call('HINCRBY', KEYS[4], redis.sha1hex(task), 1)
  if deaths > tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[4], redis.sha1hex(task))
    local aside = { task = task, reason = deaths .. ' workers died of it', at = math.floor(now / 1000) }
    redis.call('RPUSH', KEYS[5], cjson.encode(aside))
    redis.call('LTRIM', KEYS[5], -ARGV[4], -1)
  else
    redis.call('LPUSH', KEYS[1], task)
    back = back + 1
  end
  task = redis.call('RPOP', KEYS[3])
end
redis.call('ZREM', KEYS[2], ARGV[1])
return back
