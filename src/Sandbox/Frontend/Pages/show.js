// Draws what the sandbox sends: each hop as it happens, and what the stores and lists hold.
import { showEvents } from "./events.js";
import { follow } from "./live.js";
import { choices, secretButton } from "./show-choices.js";
import { showConnections } from "./show-connections.js";
import { clearHops, showHop, speak } from "./show-hops.js";
import { showRows, showStates } from "./show-stores.js";

const byId = id => document.getElementById(id);
const showFault = choices("faults", "/sandbox/fault");
const showReceiver = choices("receiver", "/sandbox/receiver");
const showSecret = secretButton();

byId("clear").addEventListener("click", async () => {
  await fetch("/sandbox/hops", { method: "DELETE" });
  clearHops();
});

follow(
  ({ hops, now }) => {
    hops.forEach(showHop);
    speak(hops);
    showFault(now.fault);
    showReceiver(now.receiver);
    showSecret(now.secretIsChanged, now.receiverIsOwn);
    showStates(now.states);
    showRows(now.rows);
    showEvents(byId("events"), now.events);
    byId("events-away").hidden = now.events !== null;
    byId("events-none").hidden = now.events === null || now.events.length > 0;
    showConnections(now.connections);
  },
  isGone => {
    byId("ended").hidden = !isGone;
  });
