// Says what is thought of a new password while it is typed. The password goes to this site alone, in
// the body of a request, and the answer decides nothing: the form is judged again when it is sent.

const PAUSE_MS = 400;
const NAMES = ["username", "email", "name", "given_name", "family_name"];

for (const status of document.querySelectorAll("[data-strength]")) {
  const field = document.getElementById(status.getAttribute("data-strength") ?? "");
  if (!(field instanceof HTMLInputElement) || !field.form) continue;
  const form = field.form;
  let timer = 0;
  let asked = new AbortController();

  /** @param {string} text */
  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };

  const ask = async () => {
    const typed = new FormData(form);
    const body = new URLSearchParams({ password: field.value, lang: document.documentElement.lang });
    body.set("csrf", String(typed.get("csrf")));
    body.set("min", String(field.minLength));
    for (const name of NAMES) if (typed.get(name)) body.append("word", String(typed.get(name)));
    asked = new AbortController();
    try {
      const answer = await fetch("/password/strength", { method: "POST", body, signal: asked.signal });
      say(answer.ok ? await answer.text() : "");
    } catch {
      // Another letter was typed meanwhile, or the network is away: nothing is said.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    asked.abort();
    if (field.value === "") say("");
    else timer = setTimeout(ask, PAUSE_MS);
  });
}
