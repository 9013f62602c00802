-- Moves times on: the hashes whose keys are ARGV[2] followed by one of the lines of ARGV[3] were last seen at ARGV[1], Unix
-- seconds. A hash that is gone stays gone. KEYS[1] is the index of them all; in a cluster, where they are many slots, the
-- one that there is. A key of another type is left alone and named in the answer.
local call, pcall = redis.call, redis.pcall
local at, begin = ARGV[1], ARGV[2]
local keys, count = {}, 0
for last in string.gmatch(ARGV[3], '[^\n]+') do
  count = count + 1
  keys[count] = begin .. last
end
-- Nearly always all are there, which one question tells.
local whole = call('EXISTS', unpack(keys)) == count
local foreign
for i = 1, count do
  local key = keys[i]
  if whole or call('EXISTS', key) == 1 then
    local answer = pcall('HSET', key, 'last_seen', at, 'last_connection', at)
    if type(answer) == 'table' then
      foreign = foreign or answer.err .. ' (' .. key .. ')'
    end
  end
end
return foreign and redis.error_reply(foreign) or 0
