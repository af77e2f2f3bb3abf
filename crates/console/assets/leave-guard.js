// Asks before somebody leaves a page with a secret that is shown only there. data-unsaved is the id of the element
// with the secret, data-release that of the link that says it is safe. Copying the secret, in whatever way, is
// enough, too.
"use strict";

(() => {
  const part = document.querySelector("[data-unsaved]");
  if (!part) {
    return;
  }
  const secret = document.getElementById(part.dataset.unsaved).textContent.trim();

  const ask = (event) => {
    event.preventDefault();
    // Some browsers only look at this.
    event.returnValue = true;
  };
  const release = () => window.removeEventListener("beforeunload", ask);

  window.addEventListener("beforeunload", ask);
  document.getElementById(part.dataset.release).addEventListener("click", release);
  // By a button: those of copy.js say so when it worked.
  document.addEventListener("copied", (event) => {
    if (event.detail.includes(secret)) {
      release();
    }
  });
  // By hand.
  document.addEventListener("copy", () => {
    if (String(document.getSelection()).includes(secret)) {
      release();
    }
  });
})();
