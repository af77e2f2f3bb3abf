// Keeps whoever types signed in, and says it before a session ends. data-idle is how long one lasts without a request, and
// data-left how long this one can last in any case, both in seconds; data-path is asked who is signed in, which is such a
// request; data-person is who that has to be; data-ending, data-last, data-late, data-ended, data-other and data-failed are
// what to say.
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
  const words = notice.dataset;
  const idle = Number(words.idle) * 1_000;
  let used = Date.now();
  let end = used + Number(words.left) * 1_000;
  let askAgainAt = used + ASK_EVERY_MS;
  let isOver = false;
  let former;

  const say = (text, step) => {
    // What is there already would be read out again.
    if (said.textContent !== text) {
      said.textContent = text;
    }
    const focused = document.activeElement;
    notice.classList.toggle("message", text !== "");
    stay.hidden = step !== stay;
    signIn.hidden = step !== signIn;
    if (notice.contains(focused) && focused !== step) {
      (step ?? former)?.focus();
    }
  };

  // By the clock, which goes on while a computer sleeps. Where it was set back, the time begins anew.
  const look = () => {
    const now = Date.now();
    if (now < used) {
      end -= used - now;
      askAgainAt -= used - now;
      used = now;
    }
    const unused = used + idle;
    const left = Math.min(unused, end) - now;
    if (isOver) {
      return;
    }
    if (WARN_MS < left) {
      say("");
    } else if (left <= 0) {
      say(words.late, signIn);
    } else if (end <= unused) {
      say(words.last, signIn);
    } else if (said.textContent !== words.failed) {
      say(words.ending, stay);
    }
  };

  // Whether there was an answer.
  const ask = async () => {
    const since = Date.now();
    // A question that gets no answer is asked again soon.
    askAgainAt = since + LOOK_EVERY_MS;
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
      const { person, csrf, left_seconds: left } = await answer.json();
      isOver = person !== words.person;
      if (isOver) {
        say(person ? words.other : words.ended, signIn);
        return true;
      }
      used = since;
      end = since + left * 1_000;
      askAgainAt = since + ASK_EVERY_MS;
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

  // Whoever comes back may have gone on elsewhere meanwhile.
  const comeBack = () => {
    look();
    if (!document.hidden && said.textContent !== "") {
      ask();
    }
  };

  document.addEventListener("input", (event) => {
    if (event.target.form && askAgainAt <= Date.now()) {
      ask();
    }
  });
  document.addEventListener("visibilitychange", comeBack);
  window.addEventListener("focus", comeBack);
  // Of live.js, whose requests count like all others.
  document.addEventListener("answered", () => {
    used = Date.now();
    look();
  });
  notice.addEventListener("focusin", ({ relatedTarget: from }) => {
    if (from && !notice.contains(from)) {
      former = from;
    }
  });
  stay.addEventListener("click", async () => {
    if (!(await ask())) {
      say(words.failed, stay);
    }
  });
  setInterval(look, LOOK_EVERY_MS);
})();
