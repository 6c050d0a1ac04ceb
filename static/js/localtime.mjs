// Puts the person's own time after a time in UTC, or in its place.

const { lang } = document.documentElement;
// The language is the page's, the region the person's: "en" alone would mean a clock of 12 hours.
const wanted = navigator.languages.find((language) => language.split("-")[0] === lang) ?? lang;
const format = new Intl.DateTimeFormat(wanted, { dateStyle: "medium", timeStyle: "long" });

for (const time of document.querySelectorAll("time[data-local]")) {
  const at = new Date(time.getAttribute("datetime") ?? "");
  if (Number.isNaN(at.getTime())) continue;
  time.after(` (${time.getAttribute("data-local")}: ${format.format(at)})`);
}

const here = new Intl.DateTimeFormat(wanted, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[data-here]")) {
  const at = new Date(time.getAttribute("datetime") ?? "");
  if (!Number.isNaN(at.getTime())) time.textContent = here.format(at);
}
