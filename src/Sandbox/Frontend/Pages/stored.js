// The row of the signed-in person, as the sandbox reads it from the gateway's file. A real app has no such panel.
const byId = id => document.getElementById(id);

const notes = {
  user_id: "whose connection this is",
  grant_id: "which consent the tokens come from",
  version: "counts every change of the row",
  access_token: "encrypted (AES-256-GCM)",
  refresh_token: "encrypted (AES-256-GCM)",
};
const reconnectNote = "Reconnect required: why only a new consent fixes this connection";

/** Shows the row and tells whether there is one. */
export async function showStored(user) {
  const answer = await fetch(`/sandbox/stored/${encodeURIComponent(user)}`).catch(() => null);
  const columns = answer?.ok ? await answer.json() : [];
  byId("stored").hidden = false;
  byId("stored-none").hidden = columns.length > 0;
  byId("stored-some").hidden = columns.length === 0;
  byId("stored-row").replaceChildren(...columns.map(column));
  return columns.length > 0;
}

export function hideStored() {
  byId("stored").hidden = true;
  byId("stored-row").replaceChildren();
}

function column({ name, value }) {
  const line = document.createElement("div");
  const title = Object.assign(document.createElement("dt"), { textContent: name });
  const detail = Object.assign(document.createElement("dd"), { textContent: value ?? "NULL" });
  if (/^v\d+:/.test(value ?? "")) detail.className = "cipher";
  const note = name === "reconnect_reason" ? value && reconnectNote : notes[name] ?? moment(name, value);
  if (note) detail.append(Object.assign(document.createElement("small"), { textContent: note }));
  line.append(title, detail);
  return line;
}

/** Columns that end in _at hold moments: SQLite keeps milliseconds since 1970. */
const moment = (name, value) => name.endsWith("_at") && /^\d+$/.test(value ?? "") ? new Date(Number(value)).toLocaleString() : "";
