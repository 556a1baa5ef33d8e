// What a return from Fathom means, in words. Codes are the gateway's; nothing of the provider's own text is ever shown.

const connected = {
  code: "connected", tone: "good", title: "Fathom is connected",
  sentence: "Your tokens are stored, encrypted. Meeting notes can now reach your projects.", remedy: "",
};

const failures = {
  access_denied: [
    "Fathom was not connected",
    "You chose not to give Harbour access.",
    "Nothing was stored. Connect again whenever you like.",
  ],
  invalid_state: [
    "That link did not work",
    "The way back from Fathom did not belong to a connection you began here.",
    "Begin again with Connect Fathom.",
  ],
  expired_state: [
    "That took a little too long",
    "The connection waits ten minutes, and they are over.",
    "Begin again with Connect Fathom.",
  ],
  exchange_failed: [
    "Fathom did not accept the connection",
    "You allowed it, but Fathom refused to hand over the keys.",
    "Try again. If it happens twice, tell your administrator.",
  ],
  provider_unavailable: [
    "Fathom cannot be reached",
    "Fathom did not answer while we finished the connection.",
    "Nothing was stored. Try again in a few minutes.",
  ],
  temporarily_unavailable: [
    "We could not save the connection",
    "Something on our side is down for the moment. Your projects work as usual.",
    "Try again in a few minutes.",
  ],
  not_confirmed: [
    "The connection was not confirmed",
    "It was begun by somebody else, or in another browser.",
    "Sign in here and begin again with Connect Fathom.",
  ],
};

const refusals = {
  401: [
    "sign_in_required",
    "Your sign-in has ended",
    "The gateway no longer accepts it, so nobody was sent to Fathom.",
    "Sign in again, then connect.",
  ],
  reconnect_required: [
    "reconnect_required",
    "Fathom asks you to connect again",
    "The connection can be used no more.",
    "Press Connect again.",
  ],
  not_connected: ["not_connected", "Fathom is not connected", "There is no connection of yours any more.", "Press Connect Fathom."],
  429: ["too_many_requests", "Slow down a little", "You tried to connect many times in a short while.", "Try again in a minute."],
  503: [
    "unavailable",
    "Connecting is not possible right now",
    "The gateway cannot begin a connection at the moment. Your projects work as usual.",
    "Try again in a minute.",
  ],
  0: [
    "unreachable",
    "The gateway does not answer",
    "The request did not get through.",
    "See that the sandbox is still running, then try again.",
  ],
};

/** Reads the outcome from the address and takes it out of there, so that a reload or a bookmark does not repeat it. */
export function takeOutcome() {
  const address = new URL(location.href);
  const successful = address.searchParams.get("fathom_successful");
  const error = address.searchParams.get("fathom_error");
  if (successful === null) return null;

  address.searchParams.delete("fathom_successful");
  address.searchParams.delete("fathom_error");
  history.replaceState(null, "", address.pathname + address.search + address.hash);
  return successful === "true" ? connected : failure(error);
}

/** A call that the gateway, or the backend behind it, did not answer with success. */
export function refusal({ status, retryAfter }) {
  const [code, title, sentence, remedy] = refusals[status]
    ?? ["failed", "That did not work", `The answer was ${status}.`, "Try again in a moment."];
  const isTold = status !== 401 && /^\d+$/.test(retryAfter ?? "");
  const wait = isTold ? `Try again in ${retryAfter} second${retryAfter === "1" ? "" : "s"}.` : remedy;
  return { code, tone: "bad", title, sentence, remedy: wait };
}

function failure(error) {
  const code = Object.hasOwn(failures, error) ? error : "unknown";
  const [title, sentence, remedy] = failures[code]
    ?? ["Fathom was not connected", "It did not work, and we do not know why.", "Try again."];
  return { code, tone: code === "access_denied" ? "note" : "bad", title, sentence, remedy }; // A "no" is a choice, not a fault.
}
