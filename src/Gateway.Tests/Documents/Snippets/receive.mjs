// Serves the snippet beside this file as a backend would; says what it has stored.
import { createServer } from "node:http";
import { beginAll } from "./begin-all.mjs";
import { disconnectRoute } from "./disconnect-route.mjs";
import { receive, receiveMeeting } from "./events.mjs";

// A test does not wait as long as a backend does.
const { TIMEOUT_MS } = process.env;
if (TIMEOUT_MS) {
  const timeout = AbortSignal.timeout;
  AbortSignal.timeout = () => timeout.call(AbortSignal, Number(TIMEOUT_MS));
}

let madeUp = 0;

async function onMeeting(user, meeting) {
  if (meeting.title === "made up" && ++madeUp === 1) throw new Error("The database is down.");
  console.log(`${user} ${meeting.title}`);
}

// What Express hands to the route and takes from it. The user ids of many backends are numbers.
let route;
disconnectRoute({ delete: (path, requireUser, handle) => { route = handle; } });
const disconnect = user => new Promise((done, fail) => route({ user: { id: Number(user) } }, { sendStatus: done }, fail));

async function statusOf(request, body) {
  const { pathname, searchParams } = new URL(request.url, "http://receiver.test");
  const user = searchParams.get("user");
  if (pathname === "/disconnect") await disconnect(user);
  if (pathname === "/begin") beginAll(onMeeting);
  if (pathname === "/fathom-events") return receive(request.headers, body, onMeeting);
  if (pathname === "/fathom-webhook") return receiveMeeting(user, request.headers, body, onMeeting);
  return 200;
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // As Express answers a handler that fails.
  const status = await statusOf(request, Buffer.concat(chunks)).catch(() => 500);
  response.writeHead(status).end();
}).listen(Number(process.argv[2]), "127.0.0.1");
