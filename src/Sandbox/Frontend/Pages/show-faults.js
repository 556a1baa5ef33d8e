// What the stand-in Fathom is asked to do wrong.
let asked = Promise.resolve(); // One after the other: arrow keys choose faster than a sandbox answers.
const inputs = [...document.querySelectorAll("#faults input")];

export function chooseFault() {
  for (const input of inputs) {
    input.addEventListener("change", () => {
      asked = asked.then(() => choose(input));
    });
  }
}

async function choose(input) {
  await fetch(`/sandbox/fault?kind=${input.value}`, { method: "POST" });
  document.getElementById("faults-told").textContent = `From now on Fathom ${input.parentElement.textContent.trim()}.`;
}

/** Another window may have chosen. */
export function followFault(fault) {
  const chosen = inputs.find(input => input.value === fault);
  if (chosen && !document.getElementById("faults").contains(document.activeElement)) chosen.checked = true;
}
