// Plays in the page what only JavaScript can show: how the network behaves, and what a person does. The gallery puts this script
// before all others of a state's page; <meta name="stage"> says what to play. When it is done, <html data-played="yes">.
(() => {
  "use strict";

  const { network, play } = JSON.parse(document.querySelector('meta[name="stage"]').content);
  const root = document.documentElement;
  const later = window.setTimeout.bind(window);
  const moment = (milliseconds) => new Promise((done) => later(done, milliseconds));

  // What becomes of requests: "hold" and "hang" never bring an answer, "lost" finds no network, "error" brings our own fault.
  // With "hold" the clock stands still besides, so that what comes before "Still working…" can be looked at for as long as one likes.
  const NETWORK = {
    hold: () => new Promise(() => {}),
    hang: () => new Promise(() => {}),
    lost: () => Promise.reject(new TypeError("Failed to fetch")),
    error: () => Promise.resolve(new Response("", { status: 500 })),
  };
  if (network) {
    window.fetch = NETWORK[network];
    // What the page does after four seconds should not take four seconds to look at.
    window.setTimeout = (call, milliseconds = 0, ...rest) => {
      if (network === "hold" && milliseconds >= 1000) return 0;
      return later(call, milliseconds / 20, ...rest);
    };
  }
  let ahead = 0;
  const now = Date.now;
  Date.now = () => now() + ahead;

  const one = (selector) => {
    const found = document.querySelector(selector);
    if (!found) throw new Error(`there is no ${selector}`);
    return found;
  };
  const visible = (selector) => [...document.querySelectorAll(selector)].some((found) => found.checkVisibility());

  const STEPS = {
    fill(selector, text) {
      const field = one(selector);
      field.focus();
      field.value = text;
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
    },
    press(selector) {
      const button = one(selector);
      button.focus();
      button.click();
    },
    open(selector) {
      for (const found of document.querySelectorAll(selector)) {
        if (found.localName === "details") found.open = true;
        else if (found.parentElement?.localName === "details") found.parentElement.open = true;
        else found.click();
      }
    },
    check(selector, count = 1) {
      [...document.querySelectorAll(selector)].slice(0, count).forEach((box) => box.click());
    },
    focus: (selector) => one(selector).focus(),
    // So many seconds pass on the page's clock; where a network is played, what waits for them happens meanwhile.
    later(seconds) {
      ahead += 1000 * seconds;
      return network ? moment((1000 * seconds) / 20) : undefined;
    },
    offline() {
      Object.defineProperty(navigator, "onLine", { configurable: true, get: () => false });
      window.dispatchEvent(new Event("offline"));
    },
    async wait(selector) {
      for (let tries = 0; tries < 100; tries += 1) {
        if (visible(selector)) return;
        await moment(50);
      }
      throw new Error(`${selector} did not come`);
    },
  };

  addEventListener("load", async () => {
    try {
      // htmx starts the requests of a page a moment after it is loaded.
      await moment(60);
      for (const [step, ...details] of play) {
        await STEPS[step](...details);
        await moment(30);
      }
      root.dataset.played = "yes";
    } catch (error) {
      root.dataset.played = `no: ${error.message}`;
    }
  });
})();
