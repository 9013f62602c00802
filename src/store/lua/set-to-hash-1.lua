-- Makes an index that an older DOTM kept as a set the hash with the same names that it is now; leaves all else alone.
if redis.call('TYPE', KEYS[1]).ok ~= 'set' then
  return 0
end
local names = redis.call('SMEMBERS', KEYS[1])
redis.call('DEL', KEYS[1])
for _, name in ipairs(names) do
  redis.call('HSET', KEYS[1], name, '')
end
return #names
