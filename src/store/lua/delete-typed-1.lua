-- Deletes a key of ours: KEYS[1] is removed only where it has the type ARGV[1].
-- A key of that name and another type is somebody else's and stays; the answer is then WRONGTYPE.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
if kind == 'none' then
  return 0
end
return redis.error_reply('WRONGTYPE ' .. KEYS[1] .. ' is a ' .. kind)
