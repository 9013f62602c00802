-- Another worker is to do the task ARGV[1]: takes it off the list KEYS[1] of what its worker is about, and its count of
-- deaths off KEYS[2], and appends it as ARGV[2] to the queue KEYS[3]. Answers 0, and does nothing, where it was put back
-- meanwhile, as the worker was taken for dead.
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then
  return 0
end
redis.call('HDEL', KEYS[2], redis.sha1hex(ARGV[1]))
return redis.call('RPUSH', KEYS[3], ARGV[2])
