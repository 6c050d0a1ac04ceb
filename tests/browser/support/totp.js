// The six digits that an authenticator app shows (RFC 6238): SHA-1, 30 seconds.

import { createHmac } from 'node:crypto';

const STEP_MS = 30_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const fromBase32 = (text) => {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
};

// Gives an app whose codes never repeat: each is that of a later step, and the provider takes the next one too.
export function authenticatorApp(key) {
  const seed = fromBase32(key.replaceAll(' ', ''));
  let last = 0;
  return {
    code() {
      last = Math.max(last + 1, Math.floor(Date.now() / STEP_MS));
      const counter = Buffer.alloc(8);
      counter.writeBigUInt64BE(BigInt(last));
      const digest = createHmac('sha1', seed).update(counter).digest();
      const offset = digest.at(-1) & 0x0f;
      return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
    },
  };
}
