-- Asks to connect as one user after another. Arguments: a file of JWTs, one a line, and how many of them to skip.
local requests, current = {}, 0

function init(arguments)
  for token in io.lines(arguments[1]) do
    requests[#requests + 1] = "GET /fathom/connect HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " .. token .. "\r\n\r\n"
  end
  current = tonumber(arguments[2])
end

function request()
  current = current % #requests + 1
  return requests[current]
end

dofile((debug.getinfo(1, "S").source:sub(2):gsub("[^/]*$", "")) .. "wrk-result.lua")
