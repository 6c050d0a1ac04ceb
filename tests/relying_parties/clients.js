// The clients both suites sign in with, as an operator registers them. Nothing listens at the redirect
// address: a suite takes the response there out of the person's hands and gives it to its library.

const redirectUri = 'https://app.example.test/callback';

const app = (changes) => ({
  client_name: 'Example App',
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: ['https://app.example.test/'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_basic',
  first_party: true,
  ...changes,
});

const service = { client_name: 'Example Service', grant_types: ['client_credentials'], response_types: [] };

export const clients = {
  basic: app({}),
  post: app({ token_endpoint_auth_method: 'client_secret_post' }),
  public: app({ token_endpoint_auth_method: 'none' }),
  third_party: app({ first_party: false }),
  ps256: app({ id_token_signed_response_alg: 'PS256' }),
  es256: app({ id_token_signed_response_alg: 'ES256' }),
  es384: app({ id_token_signed_response_alg: 'ES384' }),
  eddsa: app({ id_token_signed_response_alg: 'EdDSA' }),
  service,
  caller: { ...service, resources: ['https://api.example.test'] },
};
