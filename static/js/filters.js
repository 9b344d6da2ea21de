// Filters apply at once: the list and the counts are replaced, the address, the focus and the way back are kept.
// A button or a link is answered by the results: they get the focus and come into view, on a phone from behind the form.
// Without this module the form and every link work as they are.
const listing = document.querySelector("[data-listing]");
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
let running = null;
let shown = address();

/** Where we are, without the part of the page: a jump within the page is no other list. */
function address() {
  return location.href.split("#")[0];
}

/** The key of an element by which it is found again after the list was replaced. */
const keyOf = (element) =>
  element?.name ? `[name="${CSS.escape(element.name)}"]${element.type === "checkbox" ? `[value="${CSS.escape(element.value)}"]` : ""}` : null;

/** Whether the form of filters is one to fold away, as on a phone. */
const folds = () => Boolean(listing.querySelector(".filters__button")?.getClientRects().length);

/** The results get the focus; they come into view where they do not begin in the upper half of the window. */
function turnToResults(mayScroll) {
  const results = listing.querySelector("#resultaten");
  if (!results) return;
  results.focus({ preventScroll: true });
  const { top } = results.getBoundingClientRect();
  if (mayScroll && (top < 0 || top > innerHeight / 2)) results.scrollIntoView();
}

async function show(url, { push = true, focus = null, closes = false } = {}) {
  running?.abort();
  running = new AbortController();
  let answer;
  try {
    answer = await fetch(url, { signal: running.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-listing]");
    if (!fresh) throw new Error("no list");
    const isOpen = !closes && listing.querySelector(".filters")?.open;
    const opened = [...listing.querySelectorAll(".facet__rest")].map((part) => part.open);
    listing.replaceChildren(...fresh.children);
    if (isOpen) listing.querySelector(".filters").open = true;
    listing.querySelectorAll(".facet__rest").forEach((part, i) => { if (opened[i]) part.open = true; });
    document.title = page.title;
    const head = document.querySelector("[data-list-head]");
    head?.replaceChildren(...page.querySelector("[data-list-head]").children);
    if (push && url !== shown) history.pushState({ list: true }, "", url);
    shown = address();
    const target = focus && listing.querySelector(focus);
    if (target) target.focus({ preventScroll: true });
    else turnToResults(push);
    status.textContent = listing.querySelector("#zin")?.textContent ?? "";
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

/** The address of the form as it is filled in now, with the button that sent it, without empty fields or a part of the page. */
function addressOf(form, button) {
  const url = new URL(form.getAttribute("action") || location.pathname, location.href);
  const fields = [...new FormData(form, button)].filter(([, value]) => value !== "");
  url.search = new URLSearchParams(fields).toString();
  url.hash = "";
  return url.href;
}

if (listing) {
  document.body.append(status);
  listing.addEventListener("change", (event) => {
    const form = event.target.closest(".filters__form");
    if (form && event.target.type === "checkbox") show(addressOf(form), { focus: keyOf(event.target) });
  });
  listing.addEventListener("submit", (event) => {
    if (!event.target.matches(".filters__form, .shortcuts__form")) return;
    event.preventDefault();
    const closes = folds();
    const focus = event.target.matches(".filters__form") && !closes ? keyOf(document.activeElement) : null;
    show(addressOf(event.target, event.submitter), { focus, closes });
  });
  listing.addEventListener("click", (event) => {
    const link = event.target.closest(".chips a, .shortcuts a, .toolbar:not(.toolbar--forms) a, .pagination a");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link.href);
  });
  // What was chosen before this module came.
  const changed = [...listing.querySelectorAll(".filters__form [type=checkbox]")].filter((box) => box.checked !== box.defaultChecked);
  const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate"; // else the browser fills in what was chosen before
  if (changed.length && isNew) show(addressOf(changed[0].form), { focus: keyOf(changed.find((box) => box === document.activeElement) ?? changed.at(-1)) });
  addEventListener("popstate", () => { if (address() !== shown) show(location.href, { push: false }); });
}
