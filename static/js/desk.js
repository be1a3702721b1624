/* What makes the desk quicker. Every page works without it. */
(() => {
  "use strict";
  const remembered = (key, value) => {
    // Storage may be closed to us (private windows); then nothing is remembered.
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch { /* see above */ }
    return null;
  };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const desk = document.body.dataset.desk || "";

  /* After a refused form the summary comes first. */
  document.getElementById("errors")?.focus();

  /* A line that is not saved yet is still there after a reload. */
  for (const form of all("form[data-draft]")) {
    const field = form.elements.line;
    const key = `draft:${desk}:${form.dataset.draft}`;
    const sent = `${key}:sent`;
    if (!field) continue;
    if (remembered(sent) && document.querySelector(".toast")) remembered(key, null);
    remembered(sent, null);
    const draft = remembered(key);
    if (draft && !field.value) field.value = draft;
    field.addEventListener("input", () => remembered(key, field.value || null));
    form.addEventListener("submit", () => remembered(sent, "1"));
  }

  /* What was done goes after 10 seconds, unless one is on it. */
  for (const toast of all(".toast")) {
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, 3000);
      else toast.remove();
    };
    setTimeout(leave, 10000);
  }

  /* How many rows are chosen. */
  for (const form of all("form.picks")) {
    const said = form.querySelector("[data-chosen]");
    if (!said) continue;
    const nothing = said.textContent;
    const count = () => {
      const chosen = all(".pick input:checked", form).length;
      said.textContent = chosen ? said.dataset.chosen.replace("%s", chosen) : nothing;
    };
    form.addEventListener("change", count);
    if (said.dataset.chosen) count();
  }

  /* Menus close on Esc and on a click beside them. */
  const close = (menu, focus) => {
    menu.open = false;
    if (focus) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => {
    for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) close(menu);
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  });

  /* Keys: single ones, or "g" and a letter. Inert inside fields and dialogs, and where switched off. */
  const KEYS_OFF = "keys-off";
  const help = document.getElementById("keys");
  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = !remembered(KEYS_OFF);
    box.addEventListener("change", () => remembered(KEYS_OFF, box.checked ? null : "1"));
  }
  const typing = (node) => node.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const follow = (keys) => {
    const target = all("[data-keys]").filter((node) => node.dataset.keys === keys)
      .find((node) => node.checkVisibility?.() ?? true);
    if (!target) return false;
    if (target.matches("input, textarea, select")) { target.focus(); target.select?.(); }
    else target.click();
    return true;
  };
  const step = (by) => {
    const rows = all("main .ledger a.who[href], main .tbl tbody th a[href]");
    const next = rows[rows.indexOf(document.activeElement) + by] || (by > 0 ? rows[0] : rows.at(-1));
    next?.focus();
  };
  let first = "";
  let forget = 0;
  document.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.defaultPrevented || event.isComposing) return;
    if (key === "Escape") {
      const menu = document.querySelector("details[data-menu][open]");
      if (menu) close(menu, true);
      else if (typing(event.target)) event.target.blur();
      return;
    }
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      if (openPalette() || search()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]") || remembered(KEYS_OFF)) return;
    clearTimeout(forget);
    const pair = first ? `${first} ${key}` : key;
    first = "";
    let done = true;
    if (pair === "?") help?.showModal();
    else if (pair === "j") step(1);
    else if (pair === "k") step(-1);
    else if (pair === "/") done = search();
    else if (pair === "c") done = follow("c") || goLog();
    else if (pair === "g" || pair === "n") {
      first = key;
      forget = setTimeout(() => { first = ""; }, 1500);
    } else done = follow(pair);
    if (done) event.preventDefault();
  });
  /* The palette: one list of actions and records over the page one stands on. */
  const palette = document.getElementById("palette");
  const wanted = document.getElementById("pq");
  const hits = document.getElementById("hits");
  const options = () => all("[role=option]", hits).filter((node) => !node.hidden);
  const choose = (option) => {
    for (const node of all("[role=option][aria-selected=true]", hits)) node.setAttribute("aria-selected", "false");
    wanted.removeAttribute("aria-activedescendant");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    wanted.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  function openPalette() {
    if (!palette || !window.htmx) return false;
    if (!palette.open) {
      // What was found last time is not what is looked for now.
      wanted.value = "";
      hits.replaceChildren();
      palette.showModal();
      wanted.focus();
      window.htmx.trigger(wanted, "open");
    }
    return true;
  }
  if (palette) {
    palette.addEventListener("click", (event) => {
      if (event.target === palette || event.target.closest("[data-closes]")) palette.close();
    });
    const sift = () => {
      // Pages stand in it whole; those are shown whose name holds what is typed.
      const text = folded(wanted.value.trim());
      for (const group of all("[data-pages]", hits)) {
        for (const node of all("[role=option]", group)) node.hidden = !folded(node.textContent).includes(text);
        group.hidden = !all("[role=option]", group).some((node) => !node.hidden);
      }
      all("[role=option]", hits).forEach((node, place) => { node.id = `hit-${place}`; });
      choose(options()[0]);
    };
    hits.addEventListener("htmx:afterSwap", sift);
    wanted.addEventListener("keydown", (event) => {
      // What has just come in may not be sifted yet, nor what stands by a letter typed since.
      if (event.key === "Enter" && !options().some((node) => node.id && node.getAttribute("aria-selected") === "true")) sift();
      const shown = options();
      const at = shown.findIndex((node) => node.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown") choose(shown[(at + 1) % shown.length]);
      else if (event.key === "ArrowUp") choose(shown.at(at - 1));
      else if (event.key === "Enter" && shown[at]) shown[at].click();
      else return;
      event.preventDefault();
    });
  }
  function search() {
    const field = document.querySelector("main input[type=search]");
    const page = document.querySelector("a.find");
    if (field) { field.focus(); field.select(); } else page?.click();
    return Boolean(field || page);
  }
  function goLog() {
    const log = document.querySelector('[data-tab="log"]');
    log?.click();
    return Boolean(log);
  }
})();
