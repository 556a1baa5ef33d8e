// What the page shows; nothing here calls anybody. Text goes in as text, never as HTML.
const byId = id => document.getElementById(id);

export function showSignedOut() {
  byId("who").hidden = byId("home").hidden = true;
  byId("sign-in").hidden = false;
  byId("greeting").textContent = "Welcome to the sandbox";
  byId("greeting-more").textContent = "A small world in which the gateway stands in front of an app, its backend and a stand-in Fathom.";
}

export function showSignedIn(person, projects) {
  byId("user").textContent = person.name;
  byId("initial").textContent = person.name[0];
  byId("greeting").textContent = `Hello, ${person.name.split(" ")[0]}`;
  byId("greeting-more").textContent = "Your name and your projects came from the backend, through the gateway.";
  byId("projects").replaceChildren(...projects.map(row));
  byId("sign-in").hidden = true;
  byId("who").hidden = byId("home").hidden = false;
}

export function showOutcome(outcome) {
  const banner = byId("outcome");
  byId("attack-over").hidden = true;
  banner.hidden = outcome === null;
  delete banner.dataset.outcome;
  if (outcome === null) return;
  banner.dataset.tone = outcome.tone;
  byId("outcome-title").textContent = outcome.title;
  byId("outcome-sentence").textContent = outcome.sentence;
  byId("outcome-remedy").textContent = outcome.remedy;
  banner.dataset.outcome = outcome.code;
}

/** A person who is connected may still connect again, for example with another account. */
export function showConnection(connection) {
  const pill = byId("connection");
  pill.hidden = connection === null;
  pill.dataset.tone = connection?.status === "reconnect_required" ? "bad" : "good";
  pill.textContent = pill.dataset.tone === "bad" ? "Reconnect required" : "Connected";
  showConnecting(false);
}

/** Marks the button as busy while the gateway is asked, so that one click is one request. */
export function showConnecting(busy) {
  byId("connect").disabled = busy;
  byId("connect").textContent = busy ? "Opening Fathom…" : byId("connection").hidden ? "Connect Fathom" : "Connect again";
}

function row(project) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = project.name;
  const status = Object.assign(document.createElement("span"), { className: "status" });
  status.textContent = project.status;
  item.append(name, status);
  return item;
}
