-- Asks for the access token of one user after another. Arguments: the internal API key, and how many users there are.
local key, users, current = "", 0, 0

function init(arguments)
  key, users = arguments[1], tonumber(arguments[2])
  current = math.random(users)
end

function request()
  current = (current + 7919) % users
  return string.format("GET /connections/%024x/access-token HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n\r\n", current, key)
end

dofile((debug.getinfo(1, "S").source:sub(2):gsub("[^/]*$", "")) .. "wrk-result.lua")
