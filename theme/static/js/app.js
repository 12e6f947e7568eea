// What pages do beyond HTML and htmx. One file for both pages, because a script that only one of them loads would run again at each morph.
// Everything is delegated from the document and keyed by data- attributes; without this file every page still works.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (name, handler, options) => document.addEventListener(name, handler, options);
  const seconds = (count) => new Promise((done) => setTimeout(done, count * 1000));

  // Saying things ------------------------------------------------------------------------------------------------------
  // The live regions stand outside #page, so they are there before they are filled.

  function say(text, region = "live") {
    const element = document.getElementById(region);
    if (!element || !text) return;
    element.textContent = "";
    // A region only speaks when its text changes after it was seen empty.
    setTimeout(() => (element.textContent = text), 60);
  }

  // [data-announce]: a message in the page that is said once, when it arrives.
  function announce(root) {
    const found = $$("[data-announce]", root);
    if (!found.length) return;
    say(found.map((element) => element.dataset.announce || element.textContent.trim()).join(" "));
    found.forEach((element) => element.removeAttribute("data-announce"));
  }

  // Sending a form --------------------------------------------------------------------------------------------------
  // The button is never disabled: that would throw the keyboard's focus away. It says what it does, and a second press is dropped.

  const sending = new WeakMap();
  // A request that a part of a form makes for itself does not send the form.
  const sentBy = (source) => (source.matches("form") ? source : null);

  function busy(form, submitter) {
    const button = submitter?.dataset.labelBusy ? submitter : $("button[data-label-busy]", form);
    if (!button || sending.has(form)) return;
    const label = $("[data-label]", button) || button;
    const before = label.textContent;
    button.setAttribute("aria-disabled", "true");
    label.textContent = button.dataset.labelBusy;
    const timer = setTimeout(() => {
      label.textContent = button.dataset.labelSlow || label.textContent;
      say(label.textContent);
    }, 4000);
    const answered = () => clearTimeout(timer);
    const over = () => {
      answered();
      button.removeAttribute("aria-disabled");
      if (label.textContent !== before) label.textContent = before;
      sending.delete(form);
    };
    sending.set(form, { answered, over });
  }

  const idle = (form) => sending.get(form)?.over();

  on("submit", (event) => {
    const form = event.target;
    hidePasswords(form);
    // htmx has its own way of dropping a second request; a plain form leaves the page, and must do so once.
    if (form.hasAttribute("hx-post")) return;
    if (sending.has(form)) event.preventDefault();
    else {
      busy(form, event.submitter);
      // A navigation that was stopped leaves the page here, and the form must work again.
      setTimeout(() => idle(form), 15000);
    }
  });

  on("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const form = sentBy(ctx.sourceElement);
    // Kept now: after the swap, htmx calls the new element the source.
    ctx.focusAfter = ctx.sourceElement.dataset.focusAfter;
    ctx.sentForm = form;
    if (form && ctx.request.method !== "GET") {
      clearSlot(form);
      busy(form, ctx.request.submitter);
    }
  });
  // The swap and its transition take a moment, in which nobody is waiting any more.
  on("htmx:before:swap", (event) => sending.get(event.detail.ctx?.sentForm)?.answered());
  on("htmx:finally:request", (event) => {
    // The form that was sent, also when it is no longer in the page: its "Still working…" must not be said after the answer.
    const { sentForm } = event.detail.ctx;
    if (sentForm) idle(sentForm);
  });

  // A request that got no usable answer ---------------------------------------------------------------------------------
  // [data-slot] in a form is the place for its one message; <template data-failure="server|offline"> holds the words.

  const slotOf = (form) => $("[data-slot]", form);

  function clearSlot(form) {
    const slot = slotOf(form);
    if (slot) slot.replaceChildren();
  }

  function failForm(form, kind) {
    const slot = slotOf(form);
    const words = $(`template[data-failure="${kind}"]`, form);
    if (!slot || !words) return;
    slot.replaceChildren(words.content.cloneNode(true));
    // It goes by itself when the network is back.
    if (kind === "offline") slot.firstElementChild.dataset.offlineMessage = "";
    $("[data-focus]", slot)?.focus();
  }

  function failFragment(fragment, asked) {
    const words = $("template[data-failed]", fragment);
    fragment.setAttribute("aria-busy", "false");
    fragment.dataset.state = "failed";
    if (words) {
      fragment.replaceChildren(words.content.cloneNode(true), words);
      // Without its own trigger it would load at any click inside it; from here on its button asks.
      fragment.removeAttribute("hx-trigger");
      fragment.removeAttribute("hx-get");
      htmx.process(fragment);
    } else {
      $("[data-label]", fragment)?.closest("button")?.removeAttribute("aria-disabled");
    }
    if (asked) {
      say($("p", fragment)?.textContent.trim(), "alert");
      $("[id$='-retry']", fragment)?.focus();
      giveUp(fragment);
    }
  }

  function failed(event) {
    const { ctx } = event.detail;
    const source = ctx?.sourceElement;
    if (!source?.isConnected) return;
    const status = ctx.response?.status || 0;
    const handled = status && status < 500 && source.hasAttribute(`hx-status:${status}`);
    if (handled || ctx.hx?.redirect || ctx.hx?.refresh) return;
    const fragment = source.closest("[data-fragment]");
    const form = sentBy(source);
    // A form inside a fragment keeps what was filled in and says what went wrong in its own slot.
    if (fragment && !(form && slotOf(form))) return failFragment(fragment, source !== fragment);
    fragment?.setAttribute("aria-busy", "false");
    if (form) failForm(form, status || navigator.onLine ? "server" : "offline");
    if (!status) offlineBar();
  }
  on("htmx:error", failed);
  on("htmx:response:error", failed);

  // [data-resubmit]: "Try again" in a form's slot.
  on("click", (event) => {
    const again = event.target.closest("[data-resubmit]");
    if (!again) return;
    event.preventDefault();
    again.closest("form").requestSubmit();
  });

  // Fragments ----------------------------------------------------------------------------------------------------------

  const tries = new Map();
  const WAITS = [0, 5, 30];

  on("htmx:before:request", (event) => {
    const source = event.detail.ctx.sourceElement;
    const fragment = source.closest("[data-fragment]");
    if (!fragment) return;
    if (source !== fragment && source.id.endsWith("-retry")) {
      // After a swap that took the button away, htmx names another element as the source.
      event.detail.ctx.retried = fragment.id;
      const name = fragment.dataset.fragment;
      const attempt = tries.get(name) || { count: 0, notBefore: 0 };
      const left = Math.ceil((attempt.notBefore - Date.now()) / 1000);
      if (left > 0) {
        event.preventDefault();
        say(`Try again in ${left} seconds.`);
        return;
      }
      attempt.count += 1;
      attempt.notBefore = Date.now() + 1000 * (WAITS[attempt.count] ?? WAITS.at(-1));
      tries.set(name, attempt);
    }
    fragment.setAttribute("aria-busy", "true");
    if (source === fragment || source.id.endsWith("-retry")) fragment.dataset.state = "loading";
  });

  // After three tries in vain the button makes way for words; the link beside it stays.
  function giveUp(fragment) {
    const button = $("[id$='-retry']", fragment);
    if (!button || (tries.get(fragment.dataset.fragment)?.count || 0) < WAITS.length) return;
    const words = document.createElement("span");
    words.textContent = "Try again later.";
    button.replaceWith(words);
    $(`#${fragment.id}-heading`)?.focus();
  }

  // Words after four seconds, inside the space that is reserved anyway.
  function watchSlow(root) {
    for (const words of $$("[data-state='loading'] [data-slow]:not([data-watched])", root)) {
      words.dataset.watched = "";
      setTimeout(() => {
        if (!words.isConnected || words.closest("[data-state]").dataset.state !== "loading") return;
        words.hidden = false;
        say(words.textContent.trim());
      }, 4000);
    }
  }

  // A stale answer is asked for again once, when nobody is busy with it.
  const refreshed = new Set();
  function watchStale(root) {
    for (const fragment of $$("[data-fragment][data-state='stale'][data-src]", root)) {
      const name = fragment.dataset.fragment;
      if (refreshed.has(name)) continue;
      refreshed.add(name);
      setTimeout(() => {
        if (!fragment.isConnected || fragment.matches(":hover, :focus-within")) return;
        htmx.ajax("GET", fragment.dataset.src, { source: fragment, target: fragment, swap: "outerHTML" });
      }, 30000);
    }
  }

  // The morph ---------------------------------------------------------------------------------------------------------

  // Whoever presses a key or a button meanwhile wants to go on: the transition ends there. That holds for the morph and for the
  // transition that brought this document.
  let coming = null;
  let pressed = false;
  addEventListener("pagereveal", (event) => {
    coming = event.viewTransition;
    // The browser may give a transition up by itself, such as when the page before asked for none: that is no error.
    for (const step of [coming?.ready, coming?.finished, coming?.updateCallbackDone]) step?.catch(() => {});
  });
  function skip(event) {
    const transition = document.activeViewTransition || coming;
    coming = null;
    pressed = Boolean(transition) && event.type === "pointerdown";
    transition?.skipTransition?.();
  }
  for (const name of ["keydown", "pointerdown"]) on(name, skip, { capture: true, passive: true });
  // What a transition shows are pictures, so a press on them meets the document alone: it is handed on to what lay under it.
  on("click", ({ target, clientX, clientY }) => {
    if (!pressed || target !== document.documentElement) return;
    pressed = false;
    const press = new MouseEvent("click", { bubbles: true, cancelable: true });
    requestAnimationFrame(() => document.elementFromPoint(clientX, clientY)?.dispatchEvent(press));
  });

  on("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    const url = ctx.hx?.replaceurl;
    if (url && url !== "false") {
      // htmx's own history would fetch and merge on Back; a plain entry is enough, because "/" is right for whoever asks.
      if (location.pathname + location.search + location.hash !== url) history.replaceState(null, "", url);
      tries.clear();
      refreshed.clear();
    }
    const fragment = document.getElementById(ctx.retried || "");
    if (fragment) {
      const state = fragment.dataset.state;
      if (state === "failed") {
        say($("p", fragment)?.textContent.trim(), "alert");
        giveUp(fragment);
      } else {
        tries.delete(fragment.dataset.fragment);
        $(`#${fragment.id}-heading`)?.focus();
      }
    }
    // [data-focus-after]: where the focus goes when what held it is gone.
    if (ctx.focusAfter) $(ctx.focusAfter)?.focus();
    setUp(document);
    countDowns();
  });

  // Passwords -----------------------------------------------------------------------------------------------------------

  function showPassword(button, shown) {
    const input = document.getElementById(button.getAttribute("aria-controls"));
    if (!input) return;
    input.type = shown ? "text" : "password";
    const label = $("[data-show-label]", button);
    label.dataset.show ??= label.textContent;
    label.textContent = shown ? button.dataset.hideLabel : label.dataset.show;
    const status = document.getElementById(`${input.id}-shown`);
    if (status) status.textContent = shown ? button.dataset.visible : button.dataset.hidden;
  }

  function hidePasswords(root) {
    for (const button of $$("[data-show-password]", root)) {
      const input = document.getElementById(button.getAttribute("aria-controls"));
      if (input?.type === "text") {
        showPassword(button, false);
        const status = document.getElementById(`${input.id}-shown`);
        if (status) status.textContent = "";
      }
    }
  }

  on("click", (event) => {
    const button = event.target.closest("[data-show-password]");
    if (!button) return;
    const input = document.getElementById(button.getAttribute("aria-controls"));
    showPassword(button, input?.type === "password");
  });

  // Counting down a rate limit: the text changes every second, but is said only at the start (by the alert) and at the end.
  const timers = new WeakMap();
  function countDowns() {
    for (const element of $$("[data-countdown]:not([data-counting])")) {
      element.dataset.counting = "";
      let left = Number(element.dataset.countdown);
      const tick = () => {
        if (!element.isConnected) return;
        if (left <= 0) {
          const over = element.dataset.countdownOver;
          element.closest("[data-slot]")?.replaceChildren();
          if (over) say(over);
          return;
        }
        const words = left === 1 ? element.dataset.countdownLast : element.dataset.countdownUnit;
        element.textContent = words?.replace("{n}", left) || `${left}`;
        left -= 1;
        timers.set(element, setTimeout(tick, 1000));
      };
      // A morph keeps the element and forgets that it counts.
      clearTimeout(timers.get(element));
      tick();
    }
  }

  // Carousel and picker ------------------------------------------------------------------------------------------------

  // Where a button sent a list that is still on its way there: a second press goes on from there.
  const heading = new WeakMap();

  // Where the list stands: the slide whose start is nearest to the list's own.
  function slideAt(list) {
    if (heading.has(list)) return heading.get(list);
    const start = list.getBoundingClientRect().left;
    const gaps = [...list.children].map((slide) => Math.abs(slide.getBoundingClientRect().left - start));
    return gaps.indexOf(Math.min(...gaps));
  }

  function carousel(root) {
    const list = $("[data-carousel-list]", root);
    if (!list) return;
    const count = list.children.length;
    const controls = $("[data-carousel-controls]", root);
    const overflows = list.scrollWidth > list.clientWidth + 4;
    if (controls) controls.hidden = !(count > 1 && overflows);
    const position = $("[data-carousel-position]", root);
    if (position) position.textContent = `${slideAt(list) + 1} of ${count}`;
  }

  on("click", (event) => {
    const button = event.target.closest("[data-carousel-prev], [data-carousel-next]");
    if (!button) return;
    const root = button.closest("[data-carousel]");
    const list = $("[data-carousel-list]", root);
    const count = list.children.length;
    const step = button.hasAttribute("data-carousel-next") ? 1 : -1;
    const next = (slideAt(list) + step + count) % count;
    const slide = list.children[next];
    heading.set(list, next);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    list.scrollBy({ left: slide.getBoundingClientRect().left - list.getBoundingClientRect().left, behavior: calm ? "instant" : "smooth" });
    const words = `Offer ${next + 1} of ${count}`;
    const position = $("[data-carousel-position]", root);
    if (position) position.textContent = `${next + 1} of ${count}`;
    say(words);
  });

  on(
    "scrollend",
    (event) => {
      const root = event.target.closest?.("[data-carousel]");
      heading.delete(event.target);
      if (root) carousel(root);
    },
    true,
  );

  // [data-row]: a row that scrolls. A browser that moves the focus to a card whose edge already shows leaves the rest of it outside.
  on("focusin", (event) => {
    if (event.target.closest("[data-row]") && !event.target.hasAttribute("data-row"))
      event.target.closest("li")?.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  });

  function picker(root) {
    const count = $$("input[type=checkbox]:checked", root).length;
    const counter = $("[data-picker-count]", root);
    if (!counter) return;
    // Only what changed: the region would say the count as soon as the shelf has loaded.
    const words = counter.dataset.pickerCount.replace("{n}", count);
    if (counter.textContent !== words) counter.textContent = words;
  }
  on("change", (event) => {
    const root = event.target.closest("[data-picker]");
    if (root) picker(root);
  });

  // The way to the form ---------------------------------------------------------------------------------------------------

  function focusJoin() {
    if (location.hash !== "#join") return;
    const email = $("#join input[type=email]");
    email?.focus({ preventScroll: true });
    email?.closest("section, form")?.scrollIntoView({ block: "center" });
  }
  on("click", (event) => {
    const link = event.target.closest("a[href$='#join']");
    if (link && link.pathname === location.pathname && $("#join")) setTimeout(focusJoin, 0);
  });

  // The network -----------------------------------------------------------------------------------------------------------

  function offlineBar() {
    const bar = document.getElementById("offline");
    if (!bar) return;
    const gone = !navigator.onLine;
    if (gone) {
      // Written once: a form that fails meanwhile says the same in its slot, and the region would repeat it.
      if (bar.hidden || bar.textContent !== bar.dataset.offline) bar.textContent = bar.dataset.offline;
      bar.hidden = false;
    } else if (!bar.hidden) {
      bar.textContent = bar.dataset.online;
      $$("[data-slot] [data-offline-message]").forEach((message) => message.parentElement.replaceChildren());
      seconds(6).then(() => navigator.onLine && (bar.hidden = true));
    }
  }
  addEventListener("offline", offlineBar);
  addEventListener("online", offlineBar);

  // A page that comes back from the browser's memory may belong to somebody who signed out since: ask the server again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  const worker = $("meta[name='service-worker']");
  if (worker && "serviceWorker" in navigator) navigator.serviceWorker.register(worker.content).catch(() => {});

  // Setting up what has just come into the page ------------------------------------------------------------------------------

  function setUp(root) {
    $$("[data-show-password][hidden]", root).forEach((button) => (button.hidden = false));
    $$("[data-carousel]", root).forEach(carousel);
    $$("[data-picker]", root).forEach(picker);
    $$("[data-needs-js][hidden]", root).forEach((element) => (element.hidden = false));
    announce($("#page") || document);
    watchSlow(root);
    watchStale(root);
  }

  addEventListener("resize", () => $$("[data-carousel]").forEach(carousel));
  setUp(document);
  countDowns();
  focusJoin();
  addEventListener("hashchange", focusJoin);
  // The browser's own way to the anchor comes later than this script, and ends on the box around the form.
  addEventListener("load", () => {
    if (document.activeElement === document.body || document.activeElement.id === "join") focusJoin();
  });
})();
