// What the stand-in Fathom and the backend's receiver are asked to do wrong, and how that ends.

/** A group of choices; returns what shows a choice that was made in another window. */
export function choices(name, address) {
  const group = document.getElementById(name);
  const told = document.getElementById(`${name}-told`);
  const inputs = [...group.querySelectorAll("input")];
  let asked = Promise.resolve(); // One after the other: arrow keys choose faster than a sandbox answers.

  async function choose(input) {
    await fetch(`${address}?kind=${input.value}`, { method: "POST" });
    told.textContent = input.dataset.ends;
  }

  for (const input of inputs) {
    input.addEventListener("change", () => {
      asked = asked.then(() => choose(input));
    });
  }

  return value => {
    const chosen = inputs.find(input => input.value === value);
    if (!chosen || chosen.checked || group.contains(document.activeElement)) return;
    chosen.checked = true;
    told.textContent = chosen.dataset.ends;
  };
}

/** The button that gives the backend the other secret; returns what shows which one it has. A receiver of one's own has its own secret. */
export function secretButton() {
  const [button, told] = ["secret", "secret-told"].map(id => document.getElementById(id));
  button.addEventListener("click", () => fetch("/sandbox/receiver/secret", { method: "POST" }));
  return (isChanged, isOwn) => {
    button.hidden = told.hidden = isOwn;
    told.dataset.secret = isChanged ? "next" : "former";
    told.textContent = isChanged
      ? "The backend verifies with the new secret. EVENTS_SECRET holds the new and the old one: each event is signed with both."
      : "The backend verifies with the old secret. EVENTS_SECRET holds the new and the old one, as while a secret is being changed.";
  };
}
