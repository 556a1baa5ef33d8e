// The backend's own account of a request that went through the gateway.
const byId = id => document.getElementById(id);
const secret = new Set(["authorization", "cookie"]);

export function showEcho({ method, target, headers }) {
  const shown = (name, value) => secret.has(name.toLowerCase()) ? `${value.slice(0, 12)}…` : value;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${shown(name, value)}`);
  byId("echo-answer").textContent = [`${method} ${target}`, ...lines].join("\n");
  byId("echo-answer").hidden = false;
}

export function forgetEcho() {
  byId("echo").hidden = true;
  byId("echo-answer").hidden = true;
  byId("echo-answer").textContent = "";
}

export function offerEcho() {
  byId("echo").hidden = false;
}
