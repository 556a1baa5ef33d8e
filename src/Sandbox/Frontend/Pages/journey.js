// The four hops, and how far this visit has come.
const words = { done: "Done", current: "You are here", failed: "Stopped here", skipped: "Not reached", todo: "" };

const atConsent = new Set(["access_denied", "invalid_state", "expired_state"]);
const atTheButton = new Set(["reconnect_required", "not_connected", "disconnected"]);
const atGateway = new Set(["sign_in_required", "too_many_requests", "unavailable", "unreachable", "failed"]);

/** States of the four hops for an outcome: a stopped journey still returns to the app. */
export function hopsFor(outcome) {
  if (outcome.code === "connected") return ["done", "done", "done", "done"];
  if (atTheButton.has(outcome.code)) return hopsBeforeClick;
  if (atGateway.has(outcome.code)) return ["failed", "skipped", "skipped", "skipped"];
  if (atConsent.has(outcome.code)) return ["done", "failed", "skipped", "done"];
  return ["done", "done", "failed", "done"];
}

export const hopsBeforeSignIn = ["todo", "todo", "todo", "todo"];
export const hopsBeforeClick = ["current", "todo", "todo", "todo"];
export const hopsOnTheWay = ["done", "current", "todo", "todo"];

export function showHops(states) {
  document.querySelectorAll("#journey > li").forEach((hop, at) => {
    const state = states[at];
    hop.dataset.state = state;
    hop.toggleAttribute("aria-current", false);
    if (state === "current") hop.setAttribute("aria-current", "step");
    const label = hop.querySelector(".state") ?? hop.appendChild(Object.assign(document.createElement("span"), { className: "state" }));
    label.textContent = words[state];
  });
}
