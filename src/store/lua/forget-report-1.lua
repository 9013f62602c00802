-- Forgets a host's report at KEYS[1] that came at ARGV[1], Unix seconds as its stamp has them; a later one stays.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'string' or not string.find(redis.call('GETRANGE', KEYS[1], 0, 120), ARGV[1], 1, true) then
  return 0
end
return redis.call('DEL', KEYS[1])
