// Plays both people in one browser. Ben's call leaves cookies out, as if his browser were another one.
import { connectUrl, signIn } from "./gateway.js";
import { session } from "./session.js";

document.getElementById("begin").addEventListener("click", async () => {
  try {
    const ben = await signIn("ben");
    const response = await fetch(`${document.documentElement.dataset.gateway}/fathom/connect`, { headers: { Authorization: `Bearer ${ben}` }, credentials: "omit" });
    const { url } = await response.json();

    // Ann has been here before, and may well have begun to connect.
    session.begin(await signIn("ann"));
    await connectUrl();

    const open = document.getElementById("open");
    open.href = url;
    open.hidden = false;
    open.focus();
  } catch {
    document.getElementById("failed").textContent = "That did not work. Reload the page and try again.";
  }
});
