// Serves the snippet beside this file as a backend would; says what it has fetched.
import { createServer } from "node:http";
import { disconnect, receive, receiveMeeting } from "./events.mjs";

const onMeeting = (user, meeting) => console.log(`${user} ${meeting.title}`);

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { pathname, searchParams } = new URL(request.url, "http://receiver.test");
  const user = searchParams.get("user");
  if (pathname === "/disconnect") await disconnect(user);
  const status = pathname === "/fathom-events" ? receive(request.headers, body, onMeeting)
    : pathname === "/fathom-webhook" ? receiveMeeting(user, request.headers, body, onMeeting)
    : 200;
  response.writeHead(status).end();
}).listen(Number(process.argv[2]), "127.0.0.1");
