-- The task ARGV[1] is done: takes it off the list KEYS[1] of what its worker is about, and its count of deaths off KEYS[2].
-- Answers 0 where it was put back meanwhile, as the worker was taken for dead.
redis.call('HDEL', KEYS[2], redis.sha1hex(ARGV[1]))
return redis.call('LREM', KEYS[1], 1, ARGV[1])
