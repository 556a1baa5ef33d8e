// Where links have to be confirmed: takes the handle out of the address and sends it with the JWT of whoever is signed in here.
import { session } from "./session.js";

const handle = new URLSearchParams(location.hash.slice(1)).get("fathom_confirm");
if (handle) {
  history.replaceState(null, "", location.pathname);
  const answer = await fetch(`${document.documentElement.dataset.gateway}/fathom/confirm`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${session.token}` },
    body: JSON.stringify({ handle }),
  }).then(response => response.json(), () => ({}));
  location.replace(answer.status === "connected"
    ? `${location.pathname}?fathom_successful=true`
    : `${location.pathname}?fathom_successful=false&fathom_error=${encodeURIComponent(answer.fathom_error ?? "not_confirmed")}`);

  // The page is on its way out: nothing that follows may begin.
  await new Promise(() => {});
}
