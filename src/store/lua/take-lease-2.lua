-- Takes or renews the lease of the leader. KEYS[1] holds the leader's token for ARGV[2] milliseconds, KEYS[2] is a hash
-- that outlives it: 'epoch', a number that grows with every change of leader, and 'leader', who led last.
-- ARGV[1] is the token of who asks, ARGV[3] the epoch it leads in (0 for none). ARGV[4] is 'force' where the holder is
-- known to be dead, 'wait' where somebody else has led before: a store that remembers no leader was emptied then, and
-- belongs to whoever still knows what was in it. A token that lasts longer than any is given is of a clock that was set
-- back since; its holder renews it within that time or is dead.
-- Answers {1, epoch} or {0, token of the holder, empty where there is none, of what is no token of ours the beginning}.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] and ARGV[4] ~= 'force' then
  if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
  end
  return {0, string.sub(holder, 1, 255)}
end
local last = redis.call('HGET', KEYS[2], 'leader')
if not last and ARGV[4] == 'wait' then
  return {0, ''}
end
if last ~= ARGV[1] then
  local epoch = tonumber(redis.call('HGET', KEYS[2], 'epoch') or 0) + 1
  if not last and tonumber(ARGV[3]) > 0 then
    epoch = tonumber(ARGV[3])
  end
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'leader', ARGV[1])
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {1, redis.call('HGET', KEYS[2], 'epoch')}
