// The page of the app: sign in, look around, connect Fathom, come back.
import "./confirm.js"; // First: a link that is to be confirmed leaves this page again.
import { CallFailed, connectUrl, echo, me, projects, signIn } from "./gateway.js";
import { forgetEcho, offerEcho, showEcho } from "./echo.js";
import { hopsBeforeClick, hopsBeforeSignIn, hopsFor, hopsOnTheWay, showHops } from "./journey.js";
import { disconnectNow, expireNow, showMeetings } from "./meetings.js";
import { showNext } from "./next.js";
import { refusal, takeOutcome } from "./outcome.js";
import { followSandbox, hidePanels, showPanels, showPanelsOf } from "./panels.js";
import { session } from "./session.js";
import { showConnecting, showOutcome, showSignedIn, showSignedOut } from "./view.js";

document.querySelectorAll("[data-user]").forEach(button =>
  button.addEventListener("click", () => attempt(async () => {
    session.begin(await signIn(button.dataset.user), button.dataset.user);
    showOutcome(null);
    await enter();
    showHops(hopsBeforeClick);
    document.getElementById("main").focus();
  })));

document.getElementById("sign-out").addEventListener("click", () => {
  session.end();
  showOutcome(null);
  leave();
});

document.getElementById("connect").addEventListener("click", () => attempt(async () => {
  showOutcome(null);
  showConnecting(true);
  showHops(hopsOnTheWay);
  session.isAttacked = false;
  location.href = await connectUrl();
}));

onClick("meetings-load", async () => {
  showOutcome(null);
  const { isRefreshed } = await showMeetings();
  await showPanels();
  showNext(isRefreshed ? "refreshed" : "met");
});

onClick("expire", async () => {
  await expireNow();
  showNext("expired");
});

onClick("disconnect", async () => {
  showOutcome(await disconnectNow());
  showHops(hopsBeforeClick);
  await showPanels();
  document.getElementById("connect").focus();
});

document.getElementById("echo-send").addEventListener("click", () => attempt(async () => showEcho(await echo())));

// Coming back by the browser's Back button restores the page as it was left: on its way.
addEventListener("pageshow", event => {
  if (!event.persisted) return;
  showConnecting(false);
  showHops(session.token ? hopsBeforeClick : hopsBeforeSignIn);
});

// The outcome is told first, whatever becomes of the calls after it.
const outcome = takeOutcome();
showOutcome(outcome);
followSandbox();
await attempt(async () => {
  if (session.token) await enter();
  else leave();
  showHops(outcome ? hopsFor(outcome) : session.token ? hopsBeforeClick : hopsBeforeSignIn);
  if (!outcome || !session.isAttacked) return;
  document.getElementById("attack-over").hidden = false;
  showNext("attack");
}, outcome);

/** One click is one call: the button rests until it is answered. */
function onClick(id, step) {
  const button = document.getElementById(id);
  button.addEventListener("click", () => attempt(async () => {
    button.disabled = true;
    try {
      await step();
    } finally {
      button.disabled = false;
    }
  }));
}

async function enter() {
  const [person, list] = await Promise.all([me(), projects()]);
  showSignedIn(person, list);
  offerEcho();
  await showPanelsOf(person.id);
}

function leave() {
  showSignedOut();
  hidePanels();
  forgetEcho();
  showHops(hopsBeforeSignIn);
}

/** Runs a step; what the gateway or the backend refuses is told in words, what is a mistake of ours goes to the console. */
async function attempt(step, alreadyTold = null) {
  try {
    await step();
  } catch (failure) {
    if (!(failure instanceof CallFailed)) throw failure;
    const told = alreadyTold ?? refusal(failure);
    showConnecting(false);
    if (failure.status === 401) session.end();
    if (failure.status === 401 || document.getElementById("home").hidden) leave();
    showOutcome(told);
    showHops(hopsFor(told));
    // The connection is not what the page has shown so far.
    if (failure.status === "reconnect_required" || failure.status === "not_connected") await attempt(showPanels, told);
  }
}
