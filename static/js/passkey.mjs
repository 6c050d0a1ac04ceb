// Passkeys: the browser's own list of them in the first field, the button, and making a new one.
// A person who closes the browser's dialogue sees no error. Without this module the page is unchanged.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-passkey]"));
const api = self.PublicKeyCredential;
const remember = /** @type {HTMLInputElement | null} */ (document.querySelector("#remember"));
let waiting;

const set = (target, name, value) => {
  const field = target?.querySelector(`input[name="${name}"]`);
  if (field) field.value = value;
};

const send = (credential) => {
  if (!credential) return;
  set(form, "answer", JSON.stringify(credential.toJSON()));
  if (remember) set(form, "remember", remember.checked ? "1" : "");
  form.setAttribute("aria-busy", "true");
  HTMLFormElement.prototype.submit.call(form);
};

const options = () => JSON.parse(form.dataset.options);

const get = async (mediation) => {
  waiting?.abort();
  const asked = new AbortController();
  waiting = asked;
  const publicKey = api.parseRequestOptionsFromJSON(options());
  try {
    send(await navigator.credentials.get({ publicKey, mediation, signal: asked.signal }));
  } catch (error) {
    // Cancelled, timed out, or replaced by another request.
    if (mediation === "optional" && waiting === asked) listen();
  }
};

// A page for a new account learns only now what its person calls themselves.
const named = () => {
  const asked = options();
  const typed = (name) => form.querySelector(`[data-passkey-${name}]`)?.value.trim();
  asked.user.name = typed("user") || asked.user.name;
  asked.user.displayName = typed("display") || typed("user") || asked.user.displayName;
  return asked;
};

const create = async () => {
  try {
    send(await navigator.credentials.create({ publicKey: api.parseCreationOptionsFromJSON(named()) }));
  } catch {
    // Cancelled: the page stays as it is.
  }
};

const can = async (what) => typeof api[what] === "function" && (await api[what]());

const listen = async () => {
  if (await can("isConditionalMediationAvailable")) await get("conditional");
};

// The challenge counts for five minutes: a page that was open longer asks for a new one.
const begunAt = performance.now();
const isOld = () => performance.now() - begunAt > 4.5 * 60 * 1000;

const startSignIn = async () => {
  const button = /** @type {HTMLButtonElement} */ (document.querySelector("#passkey-sign-in"));
  button.addEventListener("click", () => (isOld() ? location.reload() : get("optional")));
  const { unknown, rp } = form.dataset;
  if (unknown && typeof api.signalUnknownCredential === "function") {
    await api.signalUnknownCredential({ rpId: rp, credentialId: unknown }).catch(() => {});
  }
  // An offer to make a passkey helps where this device can keep one.
  const canKeep = await can("isUserVerifyingPlatformAuthenticatorAvailable");
  if (canKeep) set(document.querySelector("form[data-sign-in]"), "can_keep_passkey", "1");
  await listen();
};

const startCreation = () => {
  const button = document.querySelector("#passkey-enrol");
  button.hidden = false;
  document.querySelector("#passkey-cannot")?.remove();
  form.addEventListener("submit", (event) => {
    // Another button, or the Enter key in a password, wants no passkey.
    if (event.submitter !== button || document.activeElement?.id === "password") return;
    event.preventDefault();
    create();
  });
};

if (form) {
  const isSignIn = form.dataset.passkey === "get";
  if (typeof api?.parseRequestOptionsFromJSON !== "function") {
    form.hidden = isSignIn || "optional" in form.dataset;
  } else if (isSignIn) startSignIn();
  else startCreation();
}
