// Tells the browser which passkeys count here and what their person is called (WebAuthn Level 3,
// §5.1.10), so that it offers no passkey that was removed. It asks nobody and shows nothing.

const list = /** @type {HTMLElement | null} */ (document.querySelector("[data-accepted]"));
const api = self.PublicKeyCredential;

const tell = async (what, json) => {
  if (!json || typeof api?.[what] !== "function") return;
  // A browser that does not want to know changes nothing on the page.
  await api[what](JSON.parse(json)).catch(() => {});
};

if (list) {
  await tell("signalAllAcceptedCredentials", list.dataset.accepted);
  await tell("signalCurrentUserDetails", list.dataset.details);
}
