// A private Apache with mod_auth_openidc on a free port, in a folder of its own, configured as the module's
// manual tells operators: a protected location whose application learns of the person by its environment,
// and an API that asks the provider about the tokens it is called with. Both are a page which shows its
// environment.

import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, start } from './processes.js';
import { tls } from './tls.js';

const PROGRAM = process.env.TESSERA_TEST_APACHE ?? '/usr/sbin/apache2';
const MODULES = process.env.TESSERA_TEST_APACHE_MODULES ?? '/usr/lib/apache2/modules';
const LOADED = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'ssl', 'include', 'auth_openidc'];

// Reserves an address, because the provider has to know it before the server can start.
export async function apacheAddress(host = '127.0.0.1') {
  const origin = `https://${host}:${await freePort()}`;
  const redirectUri = `${origin}/protected/callback`;
  return { origin, redirectUri, home: `${origin}/signed-out.html`, page: `${origin}/protected/page.html`, api: `${origin}/api/page.html` };
}

// `directives` are further lines for the module, one a line.
export async function startApache({ address, provider, client, directives = [] }) {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-apache-'));
  // Started by root, the server works as somebody else.
  await chmod(folder, 0o755);
  await makeSite(join(folder, 'site'));
  const config = join(folder, 'apache.conf');
  await writeFile(config, configuration({ folder, address, provider, client, directives }));

  const server = start(PROGRAM, ['-d', folder, '-f', config, '-DFOREGROUND']);
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  };
  try {
    await server.readyAt(address.home);
    return { stop };
  } catch (error) {
    const log = await readFile(join(folder, 'error.log'), 'utf8').catch(() => '');
    await stop();
    throw new Error(`Apache does not start: ${log}`, { cause: error });
  }
}

async function makeSite(folder) {
  await mkdir(folder);
  await writeFile(join(folder, 'signed-out.html'), 'signed out');
  for (const place of ['protected', 'api']) {
    await mkdir(join(folder, place));
    await writeFile(join(folder, place, 'page.html'), '<!--#printenv -->');
  }
}

const configuration = ({ folder, address, provider, client, directives }) => `
${LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
ServerName localhost
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
User nobody
Group nogroup
StartServers 1
Listen ${new URL(address.origin).host}
SSLEngine on
SSLCertificateFile ${tls.certificate}
SSLCertificateKeyFile ${tls.key}
DocumentRoot ${folder}/site

OIDCProviderMetadataURL ${provider.issuer}/.well-known/openid-configuration
OIDCCABundlePath ${tls.authority}
OIDCClientID ${client.client_id}
OIDCClientSecret ${client.client_secret}
${directives.join('\n')}
OIDCProviderTokenEndpointAuth ${client.token_endpoint_auth_method}
OIDCRedirectURI ${address.redirectUri}
OIDCCryptoPassphrase only-this-run-knows-it
OIDCScope "${client.scope}"
OIDCPKCEMethod S256
OIDCRemoteUserClaim preferred_username
OIDCPassIDTokenAs claims serialized
OIDCPassUserInfoAs claims json
OIDCDefaultURL ${address.home}
OIDCInfoHook access_token id_token refresh_token userinfo
OIDCOAuthIntrospectionEndpoint ${provider.issuer}/introspect
OIDCOAuthClientID ${client.client_id}
OIDCOAuthClientSecret ${client.client_secret}
OIDCOAuthTokenIntrospectionInterval -1
OIDCOAuthRemoteUserClaim sub

<Directory ${folder}/site>
  Options +Includes
  Require all granted
</Directory>
<Location /protected>
  AuthType openid-connect
  Require valid-user
  ForceType text/html
  SetOutputFilter INCLUDES
</Location>
<Location /api>
  AuthType oauth20
  Require claim scope~.*email.*
  ForceType text/html
  SetOutputFilter INCLUDES
</Location>
`;
