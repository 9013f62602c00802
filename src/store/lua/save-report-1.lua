-- Keeps a host's last report: KEYS[1] gets ARGV[1] (gzip), unless what it holds came later: another collector may have
-- taken a newer one while this one was away. The time stands in the comment of the gzip header, where there is one. One
-- of the future (ARGV[2] is now, Unix seconds; clocks of several machines differ by minutes) is of a clock that was set back.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'none' and kind ~= 'string' then
  return redis.error_reply('WRONGTYPE ' .. KEYS[1] .. ' is a ' .. kind)
end
local function came(head)
  return tonumber(string.match(head, '"receivedAt":([%d.]+)'))
end
local stored = came(redis.call('GETRANGE', KEYS[1], 0, 120))
local new = came(string.sub(ARGV[1], 1, 121))
local now = tonumber(ARGV[2] or '')
if stored and new and stored > new and not (now and stored > now + 300) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1])
return 1
