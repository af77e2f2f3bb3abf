// Keeps whoever types signed in, and says it before a session ends that nobody uses. data-idle is how long one lasts
// without a request, in seconds; data-path is asked who is signed in, which is such a request; data-person is who that has
// to be; data-ending, data-late, data-ended and data-failed are what to say.
"use strict";

(() => {
  const notice = document.getElementById("session-notice");
  if (!notice) {
    return;
  }
  const [said, stay, signIn] = ["session-status", "stay-button", "sign-in-elsewhere-link"].map((id) =>
    document.getElementById(id),
  );
  const LOOK_EVERY_MS = 15_000;
  const ASK_EVERY_MS = 5 * 60_000;
  // Two minutes, and one more: the server notes once a minute that a session is used.
  const WARN_MS = 3 * 60_000;
  const idle = Number(notice.dataset.idle) * 1_000;
  const words = notice.dataset;
  let used = Date.now();
  let asked = used;
  let isOver = false;
  let former;

  const say = (text, step) => {
    // What is there already would be read out again.
    if (said.textContent !== text) {
      said.textContent = text;
    }
    const losesFocus = document.activeElement === stay && step !== stay;
    notice.classList.toggle("message", text !== "");
    stay.hidden = step !== stay;
    signIn.hidden = step !== signIn;
    if (losesFocus) {
      (step ?? former)?.focus();
    }
  };

  // By the clock, which goes on while a computer sleeps.
  const look = () => {
    const left = used + idle - Date.now();
    if (isOver) {
      return;
    }
    if (WARN_MS < left) {
      say("");
    } else if (0 < left) {
      say(words.ending, stay);
    } else {
      say(words.late, signIn);
    }
  };

  // Whether there was an answer.
  const ask = async () => {
    asked = Date.now();
    const since = asked;
    try {
      const answer = await fetch(words.path, {
        credentials: "same-origin",
        redirect: "error",
        cache: "no-store",
        headers: { accept: "application/json" },
      });
      if (!answer.ok) {
        return false;
      }
      const { person, csrf } = await answer.json();
      isOver = person !== words.person;
      if (isOver) {
        say(words.ended, signIn);
        return true;
      }
      used = since;
      // Whoever has signed in again in another tab has another one.
      for (const field of document.querySelectorAll('input[name="csrf"]')) {
        field.value = csrf;
      }
      look();
      return true;
    } catch {
      return false;
    }
  };

  document.addEventListener("input", (event) => {
    if (event.target.form && ASK_EVERY_MS <= Date.now() - asked) {
      ask();
    }
  });
  // Whoever comes back may have gone on elsewhere meanwhile.
  document.addEventListener("visibilitychange", () => {
    look();
    if (!document.hidden && said.textContent !== "") {
      ask();
    }
  });
  // Of live.js, whose requests count like all others.
  document.addEventListener("answered", () => {
    used = Date.now();
    look();
  });
  stay.addEventListener("focus", (event) => {
    former = event.relatedTarget;
  });
  stay.addEventListener("click", async () => {
    if (!(await ask())) {
      say(words.failed, stay);
    }
  });
  setInterval(look, LOOK_EVERY_MS);
})();
