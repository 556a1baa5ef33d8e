// Every call of the app goes through the gateway; the backend's own address is unknown here.
import { session } from "./session.js";

const gateway = document.documentElement.dataset.gateway;

/** An answer that is no success. `status` is 0 when nothing answered. */
export class CallFailed extends Error {
  constructor(status, retryAfter) {
    super(`status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export const signIn = async user => (await call("/auth/login", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ user }),
})).token;

export const me = () => call("/api/me", withJwt());
export const projects = () => call("/api/projects", withJwt());

/** The address of Fathom's consent page, made for the signed-in person. */
export const connectUrl = async () => (await call("/fathom/connect", { ...withJwt(), credentials: "include" })).url;

/** What arrives at the backend for an address that a careless proxy would tidy up. */
export const echo = () => call("/api/echo/caf%C3%A9%2Fmenu?b=2&a=1&a=", withJwt());

/** The backend's routes about Fathom; the backend asks the gateway's internal listener, where no browser comes. */
export const connection = () => call("/api/fathom/connection", withJwt());
export const disconnect = () => call("/api/fathom/connection", { method: "DELETE", ...withJwt() });
export const meetings = () => call("/api/fathom/meetings", withJwt());

/** Something only a sandbox can do: the stand-in Fathom forgets its access tokens. */
export const expire = () => fetch("/sandbox/expire", { method: "POST" });

const withJwt = () => ({ headers: { Authorization: `Bearer ${session.token}` } });

async function call(path, init) {
  let response;
  try {
    response = await fetch(gateway + path, init);
  } catch {
    throw new CallFailed(0);
  }
  if (!response.ok) throw new CallFailed(response.status, response.headers.get("Retry-After"));
  return response.json();
}
