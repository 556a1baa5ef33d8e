// The gateway's own list of connections: what `gateway connections list` prints.
const byId = id => document.getElementById(id);
const moment = text => new Date(text).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
const words = { connected: ["good", "Connected"], reconnect_required: ["bad", "Reconnect required"] };

/** Null where the gateway cannot tell. */
export function showConnections(found) {
  byId("connections-away").hidden = found !== null;
  byId("connections-none").hidden = found === null || found.length > 0;
  byId("connections-table").hidden = !found?.length;
  byId("connections").replaceChildren(...(found ?? []).map(row));
}

function row({ userId, status, connectedAt, expiresAt, version, reason }) {
  const [tone, word] = words[status] ?? ["bad", status];
  const pill = Object.assign(document.createElement("span"), { className: "pill", textContent: word });
  pill.dataset.tone = tone;
  const line = document.createElement("tr");
  line.append(cell(userId), cell(pill), cell(moment(connectedAt)), cell(moment(expiresAt)), cell(`${version}`), cell(reason ?? "–"));
  return line;
}

function cell(content) {
  const cell = document.createElement("td");
  cell.append(content);
  return cell;
}
