// What the stand-in Fathom is asked to do wrong, and how that ends.
let asked = Promise.resolve(); // One after the other: arrow keys choose faster than a sandbox answers.
const inputs = [...document.querySelectorAll("#faults input")];
const told = document.getElementById("faults-told");

export function chooseFault() {
  for (const input of inputs) {
    input.addEventListener("change", () => {
      asked = asked.then(() => choose(input));
    });
  }
}

async function choose(input) {
  await fetch(`/sandbox/fault?kind=${input.value}`, { method: "POST" });
  told.textContent = input.dataset.ends;
}

/** Another window may have chosen. */
export function followFault(fault) {
  const chosen = inputs.find(input => input.value === fault);
  if (!chosen || chosen.checked || document.getElementById("faults").contains(document.activeElement)) return;
  chosen.checked = true;
  told.textContent = chosen.dataset.ends;
}
