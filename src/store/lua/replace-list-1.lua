-- Replaces a list as a whole, so that no reader meets it empty or half: KEYS[1] gets the elements ARGV[2..] and
-- vanishes after ARGV[1] seconds. A key of another type stays; the answer is then WRONGTYPE.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'none' and kind ~= 'list' then
  return redis.error_reply('WRONGTYPE ' .. KEYS[1] .. ' is a ' .. kind)
end
redis.call('DEL', KEYS[1])
for at = 2, #ARGV, 1000 do
  redis.call('RPUSH', KEYS[1], unpack(ARGV, at, math.min(at + 999, #ARGV)))
end
return redis.call('EXPIRE', KEYS[1], ARGV[1])
