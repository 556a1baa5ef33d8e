// Serves a folder as Netlify does: its files first, then what the rules in _redirects say, matched by Netlify's own engine.
import { createServer, request as forward } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import redirector from "netlify-redirector";

const [, , port, folder] = process.argv;
const rules = await redirector.parsePlain(readFileSync(join(folder, "_redirects"), "utf8"), {});
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };

function ruleOf(request, { pathname, search }) {
  return rules.match({
    scheme: "http", host: request.headers.host, path: pathname, query: search.slice(1), headers: request.headers, cookieValues: {},
    getHeader: name => request.headers[name] ?? "", getCookie: () => "",
  });
}

function serve(response, file) {
  response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
}

function rewrite(request, response, to) {
  const passed = forward(to, { method: request.method, headers: { ...request.headers, host: to.host } }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.writeHead(502).end());
  request.pipe(passed);
}

createServer((request, response) => {
  const address = new URL(request.url, "http://site");
  const file = join(folder, address.pathname);
  if (existsSync(file) && statSync(file).isFile()) return serve(response, file);

  const rule = ruleOf(request, address);
  if (!rule) return response.writeHead(404).end();
  if (/^https?:/.test(rule.to)) return rewrite(request, response, new URL(rule.to + address.search));
  return serve(response, join(folder, rule.to));
}).listen(Number(port), "127.0.0.1", () => console.log("listening"));
