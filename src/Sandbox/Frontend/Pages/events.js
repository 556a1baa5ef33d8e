// Events as the gateway lists them, and what the backend's receiver saw of each.
const states = {
  waiting: ["note", "Waiting"],
  tried: ["note", "Being tried"],
  refused: ["bad", "Refused, waits"],
  rested: ["bad", "Rests"],
  delivered: ["good", "Delivered"],
};

const element = (name, textContent, className = "") => Object.assign(document.createElement(name), { textContent, className });
const clock = at => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Shows them in a list; null where the gateway cannot tell. Elements stay as they are while their events do. */
export function showEvents(list, events) {
  const before = new Map([...list.children].map(item => [item.dataset.id, item]));
  list.replaceChildren(...(events ?? []).map(event => {
    const text = JSON.stringify(event);
    const known = before.get(event.id);
    return known?.dataset.text === text ? known : item(event, text, !known);
  }));
}

function item(event, text, isNew) {
  const [tone, word] = states[event.state] ?? ["note", event.state];
  const item = element("li", "", isNew ? "new" : "");
  Object.assign(item.dataset, { id: event.id, text, state: event.state });
  const line = element("p", "", "line");
  const pill = element("span", word, "pill");
  pill.dataset.tone = tone;
  line.append(element("strong", event.user), element("code", event.type));
  if (event.reason) line.append(element("span", event.reason, "soft"));
  line.append(pill);
  item.append(line, steps(event));
  if (event.state !== "tried") item.append(again(event));
  return item;
}

/** Written, each try, and when the next one is due. */
function steps(event) {
  const list = element("ol", "", "steps");
  list.append(element("li", `${clock(event.written)} written with its change`));
  for (const { at, status, what } of event.tries) {
    const step = element("li", `${clock(at)} tried: ${status === null ? "no answer yet" : `${status}, ${what}`}`);
    step.dataset.tone = status === null ? "note" : status < 300 ? "good" : "bad";
    list.append(step);
  }
  if (event.nextTry) list.append(element("li", `${clock(event.nextTry)} next try`, "soft"));
  return list;
}

/** What an operator does with `gateway events redeliver`. */
function again(event) {
  const button = element("button", event.state === "delivered" ? "Deliver once more" : "Deliver now", "quiet small");
  button.type = "button";
  button.dataset.testid = "redeliver";
  button.addEventListener("click", () => {
    button.disabled = true;
    fetch(`/sandbox/events/${encodeURIComponent(event.id)}/redeliver`, { method: "POST" });
  });
  return button;
}
