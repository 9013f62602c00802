-- Reads a hash as HGETALL does, but for fields of more than ARGV[1] bytes, their names included, and for what comes after
-- ARGV[2] bytes in all: in place of such a value stands the length of the field, and of its name only the beginning.
local names = redis.pcall('HKEYS', KEYS[1])
if names.err then
  return names
end
local longest, room = tonumber(ARGV[1]), tonumber(ARGV[2])
local answer = {}
for at, name in ipairs(names) do
  local length = #name + redis.call('HSTRLEN', KEYS[1], name)
  if length <= longest and length <= room then
    room = room - length
    answer[2 * at - 1], answer[2 * at] = name, redis.call('HGET', KEYS[1], name)
  else
    answer[2 * at - 1], answer[2 * at] = string.sub(name, 1, 100), length
  end
end
return answer
