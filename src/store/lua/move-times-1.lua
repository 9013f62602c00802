-- Moves times on: the hashes whose keys are ARGV[2] followed by one of ARGV[3..] were last seen at ARGV[1], Unix seconds. A
-- hash that is gone stays gone, and one that tells a later time keeps it. KEYS[1] is the index of them all; in a cluster,
-- where they are many slots, the one that there is. A key of another type is left alone and named in the answer.
local foreign
for at = 3, #ARGV do
  local key = ARGV[2] .. ARGV[at]
  local seen = redis.pcall('HGET', key, 'last_seen')
  if type(seen) == 'table' then
    foreign = foreign or seen.err .. ' (' .. key .. ')'
  elseif seen and (tonumber(seen) or 0) < tonumber(ARGV[1]) then
    redis.call('HSET', key, 'last_seen', ARGV[1], 'last_connection', ARGV[1])
  end
end
return foreign and redis.error_reply(foreign) or 0
