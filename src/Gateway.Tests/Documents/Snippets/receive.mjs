// Serves the snippet beside this file as a backend would; says what it has fetched.
import { createServer } from "node:http";
import { receive } from "./events.mjs";

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  response.writeHead(receive(request.headers, Buffer.concat(chunks), (user, meeting) => console.log(`${user} ${meeting}`))).end();
}).listen(Number(process.argv[2]), "127.0.0.1");
