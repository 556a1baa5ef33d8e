// The page of the app: sign in, look around, connect Fathom, come back.
import { CallFailed, connectUrl, echo, me, projects, signIn } from "./gateway.js";
import { forgetEcho, offerEcho, showEcho } from "./echo.js";
import { hopsBeforeClick, hopsBeforeSignIn, hopsFor, hopsOnTheWay, showHops } from "./journey.js";
import { refusal, takeOutcome } from "./outcome.js";
import { session } from "./session.js";
import { hideStored, showStored } from "./stored.js";
import { showConnecting, showConnection, showOutcome, showSignedIn, showSignedOut } from "./view.js";

document.querySelectorAll("[data-user]").forEach(button =>
  button.addEventListener("click", () => attempt(async () => {
    session.begin(await signIn(button.dataset.user));
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
  location.href = await connectUrl();
}));

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
await attempt(async () => {
  if (session.token) await enter();
  else leave();
  showHops(outcome ? hopsFor(outcome) : session.token ? hopsBeforeClick : hopsBeforeSignIn);
}, outcome);

async function enter() {
  const [person, list] = await Promise.all([me(), projects()]);
  showSignedIn(person, list);
  offerEcho();
  showConnection(await showStored(person.id));
}

function leave() {
  showSignedOut();
  hideStored();
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
  }
}
