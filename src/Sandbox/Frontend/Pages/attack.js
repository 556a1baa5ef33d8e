// Plays both people in one browser, and shows at the end who has whose meetings.
import { CallFailed, connection, connectUrl, connectUrlElsewhere, meetings, signIn } from "./gateway.js";
import { session } from "./session.js";

const byId = id => document.getElementById(id);
const people = { ann: "Ann Archer", ben: "Ben Baker" };

byId("begin").addEventListener("click", () => attempt(async () => {
  const url = await connectUrlElsewhere(await signIn("ben"));

  // Ann has been here before, and may well have begun to connect.
  session.begin(await signIn("ann"), "ann");
  await connectUrl();

  session.isAttacked = true;
  byId("open").href = url;
  byId("open").hidden = false;
  byId("sent").hidden = false;
  byId("open").focus();
}));

byId("again").addEventListener("click", () => {
  session.isAttacked = false;
  location.reload();
});

document.querySelector(`[data-binding="${document.documentElement.dataset.binding}"]:is(tr)`)?.toggleAttribute("data-runs", true);
if (session.isAttacked) await attempt(showResult);

async function showResult() {
  byId("result").hidden = false;
  byId("begin").className = "quiet";
  const found = await Promise.all(Object.keys(people).map(async user => [user, await holdings(user)]));
  byId("holdings").replaceChildren(...found.map(([user, held]) => line(user, held)));
  const isStolen = found.some(([user, held]) => user === "ben" && held.owner === people.ann);
  const verdict = byId("verdict");
  verdict.dataset.tone = isStolen ? "bad" : "good";
  verdict.textContent = isStolen
    ? "The attack has worked: Ben reads Ann’s meetings in his projects."
    : "The attack has failed: Ben has nothing of Ann’s.";
}

/** What the backend gets from the gateway for this person. */
async function holdings(user) {
  const jwt = await signIn(user);
  if ((await connection(jwt)).status !== "connected") return { owner: null, titles: [] };
  const { items } = await meetings(jwt);
  return { owner: items[0]?.recorded_by.name ?? null, titles: items.map(meeting => meeting.title) };
}

function line(user, { owner, titles }) {
  const row = document.createElement("tr");
  const isOwn = owner === null || owner === people[user];
  row.append(
    cell("th", people[user]),
    cell("td", owner === null ? "nobody’s: not connected" : owner === people[user] ? "their own" : `${owner}’s`, isOwn ? "" : "stolen"),
    cell("td", titles.join(", ") || "–"));
  row.dataset.testid = `has-${user}`;
  return row;
}

function cell(name, textContent, className = "") {
  return Object.assign(document.createElement(name), { textContent, className });
}

async function attempt(step) {
  byId("failed").textContent = "";
  try {
    await step();
  } catch (failure) {
    if (!(failure instanceof CallFailed)) throw failure;
    byId("failed").textContent = failure.status === 429
      ? `Somebody has clicked too often. Try again in ${failure.retryAfter ?? "a few"} seconds.`
      : "That did not work. See that the sandbox is still running, then try again.";
  }
}
