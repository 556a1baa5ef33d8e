// What to do next, for somebody who sees the sandbox for the first time.
const texts = {
  signedOut: "Choose who you are: Ann or Ben.",
  signedIn: "Press “Connect Fathom”, then allow or deny on the page that follows.",
  connected: "Press “Show my meetings”: your backend fetches them through the gateway.",
  met: "Press “Expire the access token now”, then show your meetings once more: the gateway refreshes the token by itself.",
  expired: "Press “Show my meetings” once more, and watch the version.",
  refreshed: "See what happens when Fathom refuses: open “Watch every hop live”, choose “refuses to refresh” there, "
    + "expire the token here and show your meetings. Or press “Disconnect”.",
  reconnect: "Press “Connect again” and allow it. If Fathom was made to misbehave in “Watch every hop live”, let it behave first.",
  attack: "Open “Play the attack” to see who has whose meetings.",
};

export function showNext(step) {
  const line = document.getElementById("next");
  line.dataset.step = step;
  document.getElementById("next-step").textContent = texts[step];
}
