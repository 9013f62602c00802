-- Runs a batch of commands, if the lease KEYS[1] still holds our token ARGV[1]; else it runs none and answers LEASELOST.
-- The commands follow as words, before each of them how many it has. One that is refused does not stop the others: the
-- answer lists the number of each refused command, counted from 0, and why. `scripts`, which stands before this text,
-- holds our other scripts by name, as EVAL cannot be called from here: then the word after EVAL is such a name.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('LEASELOST ' .. KEYS[1] .. ' is held by another')
end
local function run_script(name, from, to)
  local keys, args = {}, {}
  local first_arg = from + 1 + tonumber(ARGV[from])
  for at = from + 1, to do
    table.insert(at < first_arg and keys or args, ARGV[at])
  end
  local done, answer = pcall(scripts[name], keys, args)
  if done or type(answer) == 'table' then
    return answer
  end
  return { err = answer }
end
local refused = {}
local number = 0
local at = 2
while at <= #ARGV do
  local last = at + tonumber(ARGV[at])
  local answer
  if ARGV[at + 1] == 'eval' then
    answer = run_script(ARGV[at + 2], at + 3, last)
  else
    answer = redis.pcall(unpack(ARGV, at + 1, last))
  end
  local reason = type(answer) == 'table' and answer.err
  if reason then
    -- No command can be written here: whoever is connected must look for another server.
    if string.find(reason, '^READONLY') then
      return redis.error_reply(reason)
    end
    table.insert(refused, number)
    table.insert(refused, reason)
  end
  number = number + 1
  at = last + 1
end
return refused
