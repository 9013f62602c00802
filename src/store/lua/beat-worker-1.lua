-- A sign of life of the worker ARGV[1] in the sorted set KEYS[1], by the clock of Redis (milliseconds). Answers those that
-- gave none for ARGV[2] milliseconds, 1,000 at most. A sign from the future is of a clock that was set back since, and counts as one of now.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf', 'LIMIT', 0, 1000)) do
  redis.call('ZADD', KEYS[1], now, worker)
end
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2], 'LIMIT', 0, 1000)
