// Makes vectors.json with the libraries that backends sign with: `npm ci && npm run make`. The keys are made for it and used nowhere else;
// what has to be good for ever ends in 2100.
import { generateKeyPairSync } from "node:crypto";
import jsonwebtoken from "jsonwebtoken";
import * as jose from "jose";

const secret = "a-secret-of-the-vectors-that-has-more-than-32-bytes";
const short = "kurz-und-knapp";
const end = 4102444800;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ec384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const pem = pair => pair.publicKey.export({ type: "spki", format: "pem" });
const vectors = [];

const add = (name, key, good, token) => vectors.push({ name, key, good, token });
const node = (claims, key, options = {}) => jsonwebtoken.sign({ exp: end, ...claims }, key, options);
const web = (claims, key, header) =>
  new jose.SignJWT({ exp: end, ...claims }).setProtectedHeader(header).sign(typeof key === "string" ? new TextEncoder().encode(key) : key);

for (const [library, sign] of [
  ["jsonwebtoken", (claims, key, alg, header = {}) => node(claims, key, { algorithm: alg, header })],
  ["jose", (claims, key, alg, header = {}) => web(claims, key, { alg, ...header })],
]) {
  const one = async (name, keyName, good, claims, key, alg, header) => add(`${library}: ${name}`, keyName, good, await sign(claims, key, alg, header));
  await one("sub", "secret", true, { sub: "ann" }, secret, "HS256");
  await one("userId", "secret", true, { userId: "ann" }, secret, "HS256");
  await one("numeric id", "secret", true, { id: 42 }, secret, "HS256");
  await one("many claims", "secret", true, { sub: "ann", iss: "x", aud: ["a", "b"], roles: ["r"], name: "Ännchen 用户" }, secret, "HS256");
  await one("RS256", "rsa", true, { sub: "ann" }, rsa.privateKey, "RS256");
  await one("RS512", "rsa", true, { sub: "ann" }, rsa.privateKey, "RS512");
  await one("PS256", "rsa", true, { sub: "ann" }, rsa.privateKey, "PS256");
  await one("ES256", "ec", true, { sub: "ann" }, ec.privateKey, "ES256");
  await one("HS384", "secret", true, { sub: "ann" }, secret, "HS384");
  await one("HS512 under a longer secret", "secret", false, { sub: "ann" }, `${secret}-and-some-more-for-the-longer-hash`, "HS512");
  await one("another secret", "secret", false, { sub: "ann" }, `${secret}!`, "HS256");
  await one("RS256 for a secret", "secret", false, { sub: "ann" }, rsa.privateKey, "RS256");
  await one("ES256 for an RSA key", "rsa", false, { sub: "ann" }, ec.privateKey, "ES256");
  await one("ES384 for a P-256 key", "ec", false, { sub: "ann" }, ec384.privateKey, "ES384");
  await one("expired", "secret", false, { sub: "ann", exp: 1000000000 }, secret, "HS256");
  await one("not yet", "secret", false, { sub: "ann", nbf: end - 1 }, secret, "HS256");
  await one("no user", "secret", false, { name: "ann" }, secret, "HS256");
  await one("an empty user", "secret", false, { sub: "" }, secret, "HS256");
  await one("a user that is an object", "secret", false, { user: "x", id: { a: 1 } }, secret, "HS256");
}

add("jsonwebtoken: a short secret", "short", true, node({ sub: "ann" }, short));
add("jsonwebtoken: no end", "secret", false, jsonwebtoken.sign({ sub: "ann" }, secret));
add("jsonwebtoken: unsigned", "secret", false, node({ sub: "ann" }, null, { algorithm: "none" }));
add("jsonwebtoken: public key as secret", "rsa", false, node({ sub: "ann" }, pem(rsa), { algorithm: "HS256", allowInvalidAsymmetricKeyTypes: true }));
add("jose: crit", "secret", false, await new jose.SignJWT({ sub: "ann", exp: end }).setProtectedHeader({ alg: "HS256", crit: ["x"], x: 1 }).sign(new TextEncoder().encode(secret), { crit: { x: true } }));
add("jose: unsecured", "secret", false, new jose.UnsecuredJWT({ sub: "ann", exp: end }).encode());
add("jose: encrypted", "secret", false, await new jose.EncryptJWT({ sub: "ann", exp: end }).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(new TextEncoder().encode(secret.slice(0, 32))));
const swapped = node({ sub: "ann" }, secret).split(".");
add("jsonwebtoken: another payload", "secret", false, [swapped[0], node({ sub: "eve" }, secret).split(".")[1], swapped[2]].join("."));

console.log(JSON.stringify({ keys: { secret, short, rsa: pem(rsa), ec: pem(ec) }, vectors }, null, 1));
