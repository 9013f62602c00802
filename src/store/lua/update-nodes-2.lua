-- Keeps a list of names in which each stands once: KEYS[1] the list, KEYS[2] the set of its members, both in one slot.
-- ARGV[1] is 'add' or 'remove', the names follow. Where list and set disagree (a crash of an older version, a hand at
-- the list), both are made anew first, with every name that either has.
local function kind_of(key)
  return redis.call('TYPE', key).ok
end
for at = 1, 2 do
  local kind = kind_of(KEYS[at])
  local right = at == 1 and 'list' or 'set'
  if kind ~= 'none' and kind ~= right then
    return redis.error_reply('WRONGTYPE ' .. KEYS[at] .. ' is a ' .. kind)
  end
end
local function add(name)
  if redis.call('SADD', KEYS[2], name) == 1 then
    redis.call('RPUSH', KEYS[1], name)
  end
end
if redis.call('LLEN', KEYS[1]) ~= redis.call('SCARD', KEYS[2]) then
  local listed = redis.call('LRANGE', KEYS[1], 0, -1)
  local members = redis.call('SMEMBERS', KEYS[2])
  redis.call('DEL', KEYS[1])
  redis.call('DEL', KEYS[2])
  for _, name in ipairs(listed) do
    add(name)
  end
  for _, name in ipairs(members) do
    add(name)
  end
end
for at = 2, #ARGV do
  if ARGV[1] == 'add' then
    add(ARGV[at])
  elseif redis.call('SREM', KEYS[2], ARGV[at]) == 1 then
    redis.call('LREM', KEYS[1], 0, ARGV[at])
  end
end
return redis.call('LLEN', KEYS[1])
