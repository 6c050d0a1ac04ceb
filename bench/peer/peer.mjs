// The peer: npm's oidc-provider as its documentation sets it up, with everything in memory, which is
// the quickest that it can be. Prints a line when it listens.
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [port, clientsJson] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const jwk = (type, options, alg) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
  use: 'sig',
  alg,
  kid: alg,
});

const signedAs = (alg) => ({
  scope: 'read',
  audience: `https://${alg.toLowerCase()}.example.com`,
  accessTokenTTL: 3600,
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg } },
});

const provider = new Provider(issuer, {
  clients: JSON.parse(clientsJson),
  jwks: { keys: [jwk('rsa', { modulusLength: 2048 }, 'RS256'), jwk('ec', { namedCurve: 'P-256' }, 'ES256')] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
  cookies: { keys: ['a key that signs the cookies of one run'] },
  scopes: ['openid', 'profile', 'email', 'offline_access', 'read'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
  pkce: { required: () => true },
  issueRefreshToken: async (ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => signedAs(resource.includes('es256') ? 'ES256' : 'RS256'),
    },
  },
  async findAccount(ctx, id) {
    return {
      accountId: id,
      claims: async () => ({ sub: id, name: id, preferred_username: id, email: `${id}@example.com`, email_verified: true }),
    };
  },
  // Nobody is asked for consent: the other side's client is first-party. A session keeps its grant: with a new
  // one, the tokens of another sign-in of the same person at the same time would count no longer.
  async loadExistingGrant(ctx) {
    const grantId = ctx.oidc.session.grantIdFor(ctx.oidc.client.clientId);
    if (grantId) return ctx.oidc.provider.Grant.find(grantId);
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile email offline_access');
    await grant.save();
    return grant;
  },
  ttl: { AccessToken: 3600, ClientCredentials: 3600, IdToken: 3600, Interaction: 3600, Session: 86400, Grant: 86400 },
});

process.env.NODE_ENV ??= 'production';
provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
