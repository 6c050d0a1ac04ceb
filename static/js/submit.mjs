// Sends the answer to the app at once. Without scripts the button does it.

/** @type {HTMLFormElement | null} */ (document.querySelector("form[data-submit]"))?.submit();
