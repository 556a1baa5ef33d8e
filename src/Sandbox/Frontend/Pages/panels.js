// All panels that tell of the person's connection. They are shown together, so that none says what another does not.
import { showEvents } from "./events.js";
import { follow } from "./live.js";
import { hideFathom, showFathom } from "./meetings.js";
import { showNext } from "./next.js";
import { hideStored, showStored } from "./stored.js";
import { showConnection } from "./view.js";

const byId = id => document.getElementById(id);
let user = null;
let scene = null;
let seen;

/** From now on the panels show this person's connection. */
export async function showPanelsOf(person) {
  user = person;
  seen = rowOf(scene);
  byId("told").hidden = false;
  showTold();
  await showPanels();
}

/** Asks anew how the connection is, and shows it everywhere. */
export async function showPanels() {
  const row = await showFathom();
  showConnection(row);
  showNext(row === null ? "signedIn" : row.status === "reconnect_required" ? "reconnect" : "connected");
  await showStored(user);
  return row;
}

export function hidePanels() {
  user = null;
  byId("told").hidden = true;
  hideStored();
  hideFathom();
  showNext("signedOut");
}

/** Whatever changes the row, in this window or another: the panels follow. */
export function followSandbox() {
  follow(({ now }) => {
    scene = now;
    if (user === null) return;
    showTold();
    const row = rowOf(scene);
    const isChanged = seen !== undefined && row !== undefined && row !== seen;
    seen = row;
    // A gateway that does not answer is told by what the person does next.
    if (isChanged) showPanels().catch(() => {});
  });
}

/** Undefined while nobody can tell. */
const rowOf = now => now?.rows ? JSON.stringify(now.rows.find(row => row.user === user) ?? null) : undefined;

function showTold() {
  const mine = scene?.events?.filter(event => event.user === user) ?? [];
  byId("told-none").hidden = mine.length > 0;
  showEvents(byId("told-events"), mine);
}
