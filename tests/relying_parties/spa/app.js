// A single-page app that signs people in with oidc-client-ts, as the library's guide tells its readers. After
// each thing it did, `#done` names it and `#outcome` shows what came of it.

const settings = await (await fetch('/settings.json')).json();
const manager = new oidc.UserManager({
  ...settings,
  redirect_uri: `${location.origin}/callback`,
  popup_redirect_uri: `${location.origin}/callback`,
  silent_redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/signed-out`,
  loadUserInfo: true,
  automaticSilentRenew: false,
  // The page is the callback as well, also in a frame of itself: one watch is enough.
  monitorSession: settings.monitorSession === true && window === window.top,
});

const places = {
  '/callback': () => manager.signinCallback(),
  '/signed-out': () => manager.signoutCallback(),
};
const deeds = {
  'sign-in': () => manager.signinRedirect({ state: 'where I was' }),
  'sign-in-popup': () => manager.signinPopup(),
  renew: () => manager.signinSilent(),
  'ask-userinfo': askUserinfo,
  revoke: () => manager.revokeTokens(),
  'sign-out': () => manager.signoutRedirect({ state: 'goodbye' }),
};

async function askUserinfo() {
  const { access_token } = await manager.getUser();
  const endpoint = await manager.metadataService.getUserInfoEndpoint();
  const answer = await fetch(endpoint, { headers: { authorization: `Bearer ${access_token}` } });
  return { status: answer.status, body: await answer.json() };
}

function show(name, outcome) {
  document.querySelector('#outcome').textContent = JSON.stringify(outcome ?? null);
  document.querySelector('#done').textContent = name;
}

async function act(name, deed) {
  document.querySelector('#done').textContent = '';
  try {
    show(name, await deed());
  } catch ({ name: kind, message, error }) {
    show(name, { kind, message, error });
  }
}

for (const [id, deed] of Object.entries(deeds)) {
  document.querySelector(`#${id}`).addEventListener('click', () => act(id, deed));
}
manager.events.addUserSignedOut(() => show('session-over'));
if (places[location.pathname]) await act(location.pathname, places[location.pathname]);
else show('loaded');
