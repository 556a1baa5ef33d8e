// Draws hops as a sequence diagram that can be read aloud; on a narrow page it is a plain list.
const { states, rows } = document.documentElement.dataset;
const capital = name => name[0].toUpperCase() + name.slice(1);
const lanes = ["browser", "gateway", "states", "rows", "fathom", "backend"];
const names = { browser: "Browser", gateway: "Gateway", states: capital(states), rows, fathom: "Fathom", backend: "Backend" };
const nearTheEnd = 60; // Pixels: whoever has scrolled further up is reading there, and is left alone.

const region = document.getElementById("hops");
const list = document.getElementById("hops-list");
let before = null;
let follows = true;

region.addEventListener("scroll", () => {
  follows = region.scrollHeight - region.scrollTop - region.clientHeight < nearTheEnd;
});
new ResizeObserver(toTheEnd).observe(region);

export function showHop(hop) {
  document.getElementById("hops-none").hidden = true;
  list.append(item(hop));
  before = hop.at;
  toTheEnd();
}

export function clearHops() {
  list.replaceChildren();
  before = null;
  document.getElementById("hops-none").hidden = false;
}

/** Of all that came in one look, what matters most is said aloud: each hop would be too much to listen to. */
export function speak(hops) {
  const told = hops.findLast(hop => hop.tone !== "plain");
  if (told) document.getElementById("spoken").textContent = `${names[told.from]}: ${told.what}`;
}

function toTheEnd() {
  if (follows) region.scrollTop = region.scrollHeight;
}

function item(hop) {
  const [from, to] = [lanes.indexOf(hop.from), lanes.indexOf(hop.to)];
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  const line = element("li", "");
  line.dataset.tone = hop.tone;
  line.dataset.way = from === to ? "none" : from < to ? "right" : "left";

  // Each lane is two columns wide: an arrow goes from middle to middle, its label may be half a lane wider at either end.
  const label = element("span", "label");
  label.style.gridColumn = `${2 * left + 1} / ${2 * right + 3}`;
  const route = from === to ? `${names[hop.from]}: ` : `${names[hop.from]} → ${names[hop.to]}: `;
  label.append(element("span", "route", route), element("span", "what", hop.what));
  const arrow = element("span", "arrow");
  arrow.style.gridColumn = from === to ? `${2 * left + 1} / ${2 * left + 3}` : `${2 * left + 2} / ${2 * right + 2}`;
  line.append(element("span", "time", since(hop)), label, arrow);
  return line;
}

function since(hop) {
  const passed = before === null ? 0 : hop.at - before;
  return passed < 1000 ? `+${passed} ms` : `+${(passed / 1000).toFixed(1)} s`;
}

const element = (name, className, textContent = "") => Object.assign(document.createElement(name), { className, textContent });
