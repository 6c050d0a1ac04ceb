// Brings the person, and a screen reader, to what went wrong.

document.getElementById("error-summary")?.focus();
