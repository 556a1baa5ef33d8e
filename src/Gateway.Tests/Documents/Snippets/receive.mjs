// Serves the snippet beside this file as a backend would; says what it has fetched.
import { createServer } from "node:http";
import { disconnectRoute } from "./disconnect-route.mjs";
import { receive, receiveMeeting } from "./events.mjs";

const onMeeting = (user, meeting) => console.log(`${user} ${meeting.title}`);

// What Express hands to the route and takes from it. The user ids of many backends are numbers.
let route;
disconnectRoute({ delete: (path, requireUser, handle) => { route = handle; } });
const disconnect = user => new Promise((done, fail) => route({ user: { id: Number(user) } }, { sendStatus: done }, fail));

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
