-- Reads the fields of a hash that ARGV names from 2 on, as HMGET does; in place of a value of more than ARGV[1] bytes stands
-- its length.
local most, sum, answer = tonumber(ARGV[1]), 0, {}
for at = 2, #ARGV do
  local length = redis.pcall('HSTRLEN', KEYS[1], ARGV[at])
  if type(length) == 'table' then
    return length
  end
  answer[at - 1], sum = length, sum + length
end
if sum <= most then
  return redis.call('HMGET', KEYS[1], unpack(ARGV, 2))
end
for at, length in ipairs(answer) do
  if length <= most then
    answer[at] = redis.call('HGET', KEYS[1], ARGV[at + 1])
  end
end
return answer
