// Keeps what is marked by data-live as it would be if the page were loaded again, every 30 seconds while somebody looks at
// it. Without it there is the link that loads the page again.
"use strict";

(() => {
  const button = document.getElementById("live-button");
  if (!button) {
    return;
  }
  const EVERY_MS = 30_000;
  // A page that nobody touches for ten minutes rests, so that it does not keep a session alive by itself.
  const ROUNDS_ALONE = 20;
  let isPaused = false;
  let rounds = 0;
  const parts = document.querySelectorAll("[data-live]");
  const known = new Map(Array.from(parts, (part) => [part.id, part.cloneNode(true)]));

  const renew = (page) => {
    for (const old of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(old.id);
      // Nobody loses the place where they are reading.
      if (!fresh || old.contains(document.activeElement)) {
        continue;
      }
      // Nor does a screen reader lose its place, of which a page knows nothing, in what has not changed.
      if (known.get(old.id)?.isEqualNode(fresh)) {
        continue;
      }
      known.set(old.id, fresh.cloneNode(true));
      const before = old.querySelectorAll("details");
      fresh.querySelectorAll("details").forEach((details, index) => {
        details.open = before[index]?.open ?? false;
      });
      old.replaceWith(fresh);
      fresh.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
    }
  };

  const stop = () => {
    clearInterval(timer);
    button.hidden = true;
  };

  const load = async () => {
    if (document.hidden || isPaused || ROUNDS_ALONE <= rounds) {
      return;
    }
    rounds += 1;
    try {
      const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" });
      // Whoever is signed out meanwhile would be sent to sign in.
      if (answer.ok) {
        document.dispatchEvent(new CustomEvent("answered"));
        renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } else if (answer.type === "opaqueredirect" || (answer.status < 500 && answer.status !== 429)) {
        stop();
      }
    } catch {
      // The next round may get through.
    }
  };

  const timer = setInterval(load, EVERY_MS);
  for (const event of ["pointermove", "keydown", "scroll"]) {
    document.addEventListener(event, () => {
      rounds = 0;
    }, { passive: true });
  }
  button.hidden = false;
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    button.textContent = isPaused ? button.dataset.goOn : button.dataset.pause;
  });
})();
