// What an app does with a connection, by routes of its own backend.
import { connection, disconnect, expire, meetings } from "./gateway.js";

const byId = id => document.getElementById(id);
const words = { connected: "Connected", reconnect_required: "Reconnect required" };
let version = null;

/** Asks how the person's connection is, and shows it. Null while there is none. */
export async function showFathom() {
  const row = await connection();
  if (row.status === "not_connected") {
    hideFathom();
    return null;
  }
  const isOver = row.status === "reconnect_required";
  version = row.version;
  byId("fathom").hidden = false;
  byId("connection-status").textContent = words[row.status] ?? row.status;
  byId("connection-since").textContent = moment(row.connected_at);
  byId("connection-until").textContent = isOver ? "Refused by Fathom" : moment(row.expires_at);
  byId("connection-version").textContent = row.version;
  byId("meetings-load").hidden = byId("expire").hidden = isOver;
  if (isOver) {
    byId("meetings").hidden = true;
    tell("bad", "Fathom no longer honours this connection: only you can fix it, by “Connect again”.");
  } else if (byId("fathom-told").dataset.tone === "bad") {
    tell("note", "");
  }
  return row;
}

/** Lists the meetings, and tells whether the gateway had to refresh the token for it. */
export async function showMeetings() {
  const before = version;
  const { items } = await meetings();
  byId("meetings").replaceChildren(...items.map(line));
  byId("meetings").hidden = false;
  const row = await showFathom();
  const isRefreshed = row?.version > before;
  tell("good", isRefreshed
    ? `Fathom refused the token of version ${before}. The gateway refreshed it once and asked again: refreshed, version ${row.version}.`
    : `Answered with the token of version ${before}.`);
  return { row, isRefreshed };
}

export async function expireNow() {
  await expire();
  tell("note", "Fathom refuses the access token from now on. Show your meetings, and watch the version.");
}

/** Disconnects; the answer says whether Fathom was told. */
export async function disconnectNow() {
  const answer = await disconnect();
  hideFathom();
  return {
    code: "disconnected", tone: "note", title: "Fathom is disconnected",
    sentence: "Your tokens are wiped from the database.",
    remedy: answer.provider_revoked === "yes" ? "" : "Fathom itself was not told: remove the app there as well if you want to be sure.",
  };
}

export function hideFathom() {
  byId("fathom").hidden = byId("meetings").hidden = true;
  byId("meetings").replaceChildren();
  tell("note", "");
  version = null;
}

function tell(tone, text) {
  byId("fathom-told").dataset.tone = tone;
  byId("fathom-told").textContent = text;
}

function line(meeting) {
  const item = document.createElement("li");
  const title = Object.assign(document.createElement("span"), { textContent: meeting.title });
  const text = `${meeting.recorded_by.name}, ${moment(meeting.created_at)}`;
  item.append(title, Object.assign(document.createElement("span"), { className: "status", textContent: text }));
  return item;
}

const moment = text => new Date(text).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
