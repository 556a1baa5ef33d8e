// The rows that the gateway has stored, with the tokens hidden: what is shown of them is that they are ciphertext.
const users = ["ann", "ben"];
const rows = document.getElementById("rows");

export async function showRows() {
  const stored = [];
  for (const user of users) {
    const answer = await fetch(`/sandbox/stored/${user}`);
    if (answer.ok) stored.push(Object.fromEntries((await answer.json()).map(({ name, value }) => [name, value])));
  }
  document.getElementById("rows-none").hidden = stored.length > 0;
  const texts = stored.map(text);
  if (texts.join() === [...rows.children].map(row => row.textContent).join()) return;
  rows.replaceChildren(...texts.map(textContent => Object.assign(document.createElement("li"), { textContent })));
}

const text = row => `${row.user_id} · version ${row.version} · access token •••••• (encrypted) · refresh token •••••• (encrypted)`;
