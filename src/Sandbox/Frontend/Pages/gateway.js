// Every call of the app goes through the gateway; the backend's own address is unknown here.
import { session } from "./session.js";

const gateway = document.documentElement.dataset.gateway;

/** An answer that is no success. `status` is 0 when nothing answered, and a word where the backend says what is missing. */
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

/** The same, as a browser of another person would ask: with that person's JWT, and without the cookies of this one. */
export const connectUrlElsewhere = async jwt => (await call("/fathom/connect", { ...withJwt(jwt), credentials: "omit" })).url;

/** What arrives at the backend for an address that a careless proxy would tidy up. */
export const echo = () => call("/api/echo/caf%C3%A9%2Fmenu?b=2&a=1&a=", withJwt());

/** The backend's routes about Fathom; the backend asks the gateway's internal listener, where no browser comes. */
export const connection = jwt => call("/api/fathom/connection", withJwt(jwt));
export const disconnect = () => call("/api/fathom/connection", { method: "DELETE", ...withJwt() });

export async function meetings(jwt) {
  const answer = await call("/api/fathom/meetings", withJwt(jwt));
  if (answer.status) throw new CallFailed(answer.status);
  return answer;
}

/** Something only a sandbox can do: the stand-in Fathom forgets its access tokens. */
export const expire = () => fetch("/sandbox/expire", { method: "POST" });

const withJwt = (jwt = session.token) => ({ headers: { Authorization: `Bearer ${jwt}` } });

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
