// When another tab signs in, this one goes on by itself: the page knows what is due.

const channel = "BroadcastChannel" in self ? new BroadcastChannel("tessera") : undefined;
const form = document.querySelector("form[data-sign-in]");
const fields = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("#password"));
let isDue = false;

const goOn = () => {
  const isTyping = Array.from(fields).some((field) => field.value !== "");
  if (form && !isTyping && form.getAttribute("aria-busy") !== "true") location.replace(location.pathname);
};

channel?.addEventListener("message", () => {
  isDue = true;
  if (document.visibilityState === "visible") goOn();
});
document.addEventListener("visibilitychange", () => {
  if (isDue && document.visibilityState === "visible") goOn();
});
