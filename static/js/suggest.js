// Suggestions under a search field while someone types: the ARIA combobox pattern over /zoeken/suggesties/.
// Without this module the field is a plain form field, and Enter searches as ever.
const PAUSE = 180; // milliseconds of silence before asking
const SHORTEST = 2; // letters

function combobox(field, number) {
  const list = document.createElement("ul");
  list.id = `suggesties-${number}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggesties");
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  field.form.append(list, status);
  const becomeText = () => { field.type = "text"; }; // a search field may not be a combobox
  if (document.activeElement === field) field.addEventListener("blur", becomeText, { once: true });
  else becomeText();
  field.enterKeyHint = "search";
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) field.setAttribute(name, value);

  let timer, running, active = -1, addresses = [];

  function close() {
    clearTimeout(timer);
    running?.abort();
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function mark(place) {
    active = place;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === place)));
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", list.children[place].id);
  }

  function show([, labels, kinds, urls]) {
    addresses = urls;
    list.replaceChildren(...labels.map((label, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.className = "suggestions__option";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const words = document.createElement("span");
      words.className = "suggestions__label";
      words.textContent = label;
      const kind = document.createElement("span");
      kind.className = "suggestions__kind";
      kind.textContent = kinds[i];
      option.append(words, " ", kind);
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => location.assign(addresses[i]));
      return option;
    }));
    active = -1;
    list.hidden = labels.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
    status.textContent = labels.length ? `${labels.length} suggesties; kies met de pijltjes` : "";
  }

  async function ask() {
    const words = field.value.trim();
    if (words.length < SHORTEST) return close();
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(`/zoeken/suggesties/?${new URLSearchParams({ q: words })}`, { signal: running.signal });
      if (answer.ok && document.activeElement === field) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  if (document.activeElement === field && field.value !== field.defaultValue) ask(); // typed before this module came
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      const count = list.children.length, step = event.key === "ArrowDown" ? 1 : -1;
      mark(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
      event.preventDefault();
      location.assign(addresses[active]);
    }
  });
}

document.querySelectorAll("input[data-suggest]").forEach(combobox);
