// Opens one stored token with nothing but Node's own crypto, by what docs/operations.md says of the envelope.
// Usage: node open-token.mjs <envelope> <user id> <AccessToken|RefreshToken> <kid:base64 key>; prints the token, or fails.
import { createDecipheriv } from 'node:crypto';

const [envelope, userId, column, entry] = process.argv.slice(2);
const [version, kid, base64] = envelope.split(':');
const [keyId, key] = entry.split(/:(.*)/s);
if (version !== 'v1' || kid !== keyId) throw new Error('another version or key');

const sealed = Buffer.from(base64, 'base64');
const associated = Buffer.concat(['FathomGateway token', kid, userId, column].flatMap((part) => {
  const bytes = Buffer.from(part, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}));

const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64'), sealed.subarray(0, 12));
decipher.setAAD(associated);
decipher.setAuthTag(sealed.subarray(-16));
process.stdout.write(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8') + '\n');
