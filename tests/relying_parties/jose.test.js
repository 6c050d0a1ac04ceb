// jose, the library under most JavaScript relying parties, reads what we encrypt, and we read what it
// signs. The keys are made here; `examples/jose_peer.rs` is our side.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import * as jose from 'jose';

let peer, answers;
before(() => {
  peer = spawn(process.env.TESSERA_TEST_JOSE_PEER, { stdio: ['pipe', 'pipe', 'inherit'] });
  answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
});
after(async () => {
  const closed = once(peer, 'close');
  peer.stdin.end();
  assert.deepEqual(await closed, [0, null]);
});

async function ask(task) {
  peer.stdin.write(`${JSON.stringify(task)}\n`);
  const { value: line, done } = await answers.next();
  assert.ok(!done, 'the peer answers');
  return JSON.parse(line);
}

async function done(task) {
  const { value, error } = await ask(task);
  assert.equal(error, undefined);
  return value;
}

const pair = (alg, options) => jose.generateKeyPair(alg, { extractable: true, ...options });
const claims = { iss: 'app', sub: 'app', aud: 'https://id.example.com', jti: 'one', exp: 1_700_000_060 };

describe('jose reads what we encrypt', () => {
  const rsa = [2048, 3072].map((modulusLength) => [`RSA ${modulusLength}`, 'RSA-OAEP-256', { modulusLength }]);
  const curves = ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'].flatMap((alg) =>
    ['P-256', 'P-384'].map((crv) => [`${alg} on ${crv}`, alg, { crv }]),
  );
  for (const [name, alg, options] of [...rsa, ...curves]) {
    for (const enc of ['A128CBC-HS256', 'A128GCM', 'A256GCM']) {
      test(`${name}, ${enc}`, async () => {
        const { publicKey, privateKey } = await pair(alg, options);
        const signer = await pair('ES256');
        const jwt = await new jose.SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(signer.privateKey);
        const jwk = { ...(await jose.exportJWK(publicKey)), kid: 'enc-1', use: 'enc', alg };
        const jwe = await done({ task: 'encrypt', jwks: { keys: [jwk] }, alg, enc, jwt });

        const only = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] };
        const { plaintext, protectedHeader } = await jose.compactDecrypt(jwe, privateKey, only);
        const { epk, ...header } = protectedHeader;
        assert.deepEqual(header, { alg, enc, cty: 'JWT', kid: 'enc-1' });
        assert.equal(epk?.d, undefined);
        const inner = await jose.jwtVerify(plaintext, signer.publicKey, { currentDate: new Date(1_700_000_000_000) });
        assert.deepEqual(inner.payload, claims);

        const stranger = await pair(alg, options);
        await assert.rejects(jose.compactDecrypt(jwe, stranger.privateKey), jose.errors.JWEDecryptionFailed);
      });
    }
  }

  test('a private key is refused by its place in the set', async () => {
    const { publicKey, privateKey } = await pair('ECDH-ES');
    const keys = [await jose.exportJWK(publicKey), await jose.exportJWK(privateKey)];
    const { error } = await ask({ task: 'encrypt', jwks: { keys }, alg: 'ECDH-ES', enc: 'A128GCM', jwt: '' });
    assert.match(error, /^keys\[1\]: it holds a private/);
  });
});

describe('we verify what jose signs', () => {
  for (const alg of ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA']) {
    test(alg, async () => {
      const { publicKey, privateKey } = await pair(alg);
      const jwk = await jose.exportJWK(publicKey);
      const kid = await jose.calculateJwkThumbprint(jwk);
      assert.equal(await done({ task: 'thumbprint', jwk }), kid);
      const sign = (header) => new jose.SignJWT(claims).setProtectedHeader({ alg, ...header }).sign(privateKey);

      const named = { keys: [{ ...jwk, kid, use: 'sig', alg }] };
      const verify = (jwks, jwt) => ({ task: 'verify', jwks, alg, jwt });
      assert.deepEqual(await done(verify({ keys: [jwk] }, await sign({}))), claims);
      assert.deepEqual(await done(verify(named, await sign({ kid, typ: 'JWT' }))), claims);

      const { error } = await ask(verify(named, await sign({ kid: 'another' })));
      assert.equal(error, 'the key is not known');
      const other = await jose.exportJWK((await pair(alg)).publicKey);
      const wrong = await ask(verify({ keys: [other] }, await sign({})));
      assert.equal(wrong.error, 'the signature is wrong');
    });
  }

  test('HS256', async () => {
    const secret = randomBytes(48).toString('base64url');
    const key = new TextEncoder().encode(secret);
    const verify = async (alg) => {
      const jwt = await new jose.SignJWT(claims).setProtectedHeader({ alg }).sign(key);
      return ask({ task: 'verify_secret', secret, jwt });
    };
    assert.deepEqual((await verify('HS256')).value, claims);
    assert.match((await verify('HS512')).error, /algorithm/);
  });
});
