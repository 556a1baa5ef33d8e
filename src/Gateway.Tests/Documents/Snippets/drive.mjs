// Calls the snippet beside this file as a backend would and prints one line of what came of it.
import * as fathom from "./fathom.mjs";
import { fathomRoutes } from "./routes.mjs";

const [, , step, user, url] = process.argv;

const steps = {
  token: async () => (await fathom.fathomToken(user)).access_token,
  // In place of a user the value of the field.
  wait: async () => fathom.secondsToWait(new Response(null, { headers: { "Retry-After": user } })),
  refused: async () => (await fathom.withToken(user, url)).text(),
  redirected: async () => `${(await fathom.relay(user, "meetings?page=1")).status} ${(await fathom.withToken(user, url)).status}`,
  relay: async () => (await fathom.relay(user, "meetings?page=1")).text(),
  // In place of a user the path.
  path: async () => (await fathom.relay("42", user)).text(),
  // What Express hands to a route and takes from it.
  route: () => new Promise((done, fail) => fathomRoutes({
    get: (path, handle) => handle(
      { user: { id: user }, path },
      {
        code: 200,
        wait: "",
        status(code) { this.code = code; return this; },
        set(name, value) { this.wait = ` ${name}: ${value}`; return this; },
        json(body) { done(`${this.code} ${JSON.stringify(body)}`); },
        sendStatus(code) { done(`${code}${this.wait}`); },
      },
      fail),
  })),
};

try {
  console.log(await steps[step]());
} catch (failure) {
  console.log(failure.constructor.name);
}
