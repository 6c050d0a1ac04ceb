// The files that `certificates` made for this run, and what trusts them: Node.js does, because
// `scripts/relying-parties` names the authority in NODE_EXTRA_CA_CERTS.

import { join } from 'node:path';

const folder = process.env.TESSERA_TEST_TLS;
if (!folder) throw new Error('this suite needs certificates; run it with scripts/relying-parties');

export const tls = {
  certificate: join(folder, 'certificate.pem'),
  key: join(folder, 'key.pem'),
  authority: join(folder, 'ca.pem'),
};

// What a client signs with that has no secret.
export const clientKey = { certificate: join(folder, 'client.pem'), key: join(folder, 'client.key') };
