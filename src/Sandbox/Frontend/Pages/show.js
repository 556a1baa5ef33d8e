// Asks the sandbox again and again what is new, and has it drawn.
import { chooseFault, followFault } from "./show-faults.js";
import { clearHops, showHop, speak } from "./show-hops.js";
import { showRows, showStates } from "./show-stores.js";

const pause = 400; // Milliseconds between two looks: fast enough to be live, slow enough for any machine.

let last = 0;

chooseFault();
document.getElementById("clear").addEventListener("click", async () => {
  await fetch("/sandbox/hops", { method: "DELETE" });
  clearHops();
});
await look();

async function look() {
  const news = await fetch(`/sandbox/hops?after=${last}`).then(answer => answer.json()).catch(() => null);
  document.getElementById("ended").hidden = news !== null;
  if (news) show(news);
  setTimeout(look, pause);
}

function show({ fault, hops, states, rows }) {
  hops.forEach(showHop);
  speak(hops);
  last = hops.at(-1)?.number ?? last;
  followFault(fault);
  showStates(states);
  showRows(rows);
}
