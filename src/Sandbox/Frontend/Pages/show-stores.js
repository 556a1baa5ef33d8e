// What lies in the gateway's stores, as the sandbox finds it there: the keys of states that wait, and rows, each with its secrets hidden.
const lifetime = 600_000; // Milliseconds that a new state has.
const byId = id => document.getElementById(id);

/** Null where the store does not answer. */
export function showStates(found) {
  tell("states", found);
  fill("states", found ?? [], state => state.key, newState, (item, state) => {
    const seconds = Math.ceil(state.left / 1000);
    item.querySelector("strong").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    item.querySelector("progress").value = state.left;
  });
}

/** Null where the database does not answer. */
export function showRows(found) {
  tell("rows", found);
  fill("rows", found ?? [], row => JSON.stringify(row), newRow, () => {});
}

function tell(what, found) {
  byId(`${what}-away`).hidden = found !== null;
  byId(`${what}-none`).hidden = found === null || found.length > 0;
}

/** Elements stay as they are while what they show does: a new one draws the eye. */
function fill(list, found, id, make, update) {
  const items = byId(list).children;
  found.forEach((one, at) => {
    if (items[at]?.dataset.id !== id(one)) {
      const item = Object.assign(make(one), { className: "new" });
      item.dataset.id = id(one);
      if (items[at]) items[at].replaceWith(item);
      else byId(list).append(item);
    }
    update(items[at], one);
  });
  while (items.length > found.length) items[items.length - 1].remove();
}

function newState({ key }) {
  const item = document.createElement("li");
  const line = element("p", "", "line");
  line.append(element("code", key), " ends in ", element("strong", ""));
  item.append(line, Object.assign(document.createElement("progress"), { max: lifetime, ariaLabel: "Time that the state has left" }));
  return item;
}

function newRow(row) {
  const item = document.createElement("li");
  const connected = row.status === "connected";
  const line = element("p", "", "line");
  const pill = element("span", connected ? "Connected" : "Reconnect required", "pill");
  pill.dataset.tone = connected ? "good" : "bad";
  line.append(element("strong", row.user), pill);
  const facts = element("dl", "");
  for (const [name, value, kind] of [
    ["version", row.version, "dd"],
    ["token until", new Date(row.expires).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }), "dd"],
    ["access token", row.accessToken, "code"],
    ["refresh token", row.refreshToken, "code"],
  ]) {
    const term = element("dt", name);
    const detail = document.createElement("dd");
    detail.append(kind === "code" ? element("code", value) : value);
    facts.append(term, detail);
  }
  item.append(line, facts);
  return item;
}

const element = (name, textContent, className = "") => Object.assign(document.createElement(name), { textContent, className });
