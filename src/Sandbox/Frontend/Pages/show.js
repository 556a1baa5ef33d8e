// Draws each hop that the sandbox has seen, as a sequence diagram that can be read aloud.
import { chooseFault, followFault } from "./show-faults.js";
import { showRows } from "./show-row.js";

const pause = 400; // Milliseconds between two looks: fast enough to be live, slow enough for any machine.
const lifetime = 600; // Seconds that the gateway keeps a state.
const parts = ["browser", "gateway", "fathom", "store", "backend"];
const names = { browser: "Browser", gateway: "Gateway", fathom: "Fathom", store: "Stores", backend: "Backend" };
const byId = id => document.getElementById(id);

let last = 0;
let stateSince = null;

chooseFault();
await look();

async function look() {
  try {
    const { hops, fault } = await (await fetch(`/sandbox/hops?after=${last}`)).json();
    hops.forEach(show);
    followFault(fault);
    if (hops.length > 0) await showRows();
  } catch {
    // The sandbox has ended, or is busy: the next look tells.
  }
  countDown();
  setTimeout(look, pause);
}

function show(hop) {
  last = hop.number;
  byId("hops-none").hidden = true;
  if (hop.from === "gateway" && hop.to === "store" && hop.what.startsWith("state")) stateSince = hop.at;
  if (hop.from === "store" || hop.what.startsWith("back to the app")) stateSince = null;

  const item = document.createElement("li");
  item.dataset.tone = hop.tone;
  const [from, to] = [parts.indexOf(hop.from), parts.indexOf(hop.to)];
  item.dataset.way = from < to ? "right" : "left";
  const route = Object.assign(document.createElement("span"), { className: "route", textContent: `${names[hop.from]} → ${names[hop.to]}: ` });
  const what = Object.assign(document.createElement("span"), { className: "what", textContent: hop.what });
  const arrow = Object.assign(document.createElement("span"), { className: "arrow" });
  arrow.setAttribute("aria-hidden", "true");
  arrow.style.gridColumn = `${2 * Math.min(from, to) + 2} / ${2 * Math.max(from, to) + 2}`;
  const text = document.createElement("span");
  text.className = "text";
  text.append(route, what);
  item.append(arrow, text);
  byId("hops").append(item);
  byId("hops").scrollTop = byId("hops").scrollHeight;
}

function countDown() {
  const left = stateSince === null ? 0 : Math.max(0, Math.ceil(lifetime - (Date.now() - stateSince) / 1000));
  byId("state").hidden = left === 0;
  byId("state-none").hidden = left > 0;
  byId("state-left").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  byId("state-bar").value = left;
}
