-- A sign of life of the worker ARGV[1] in the sorted set KEYS[1], by the clock of Redis (milliseconds). Answers those that
-- gave none for ARGV[2] milliseconds.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
