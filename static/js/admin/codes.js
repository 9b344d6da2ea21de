// Copying and printing the recovery codes; without this the codes are on the page just the same.
const tools = document.querySelector(".door__tools");
const said = tools.querySelector("[data-said]");

tools.hidden = false;
tools.querySelector("[data-print]").addEventListener("click", () => window.print());
const copy = tools.querySelector("[data-copy]");
copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  const codes = document.getElementById(copy.dataset.copy).querySelectorAll("code");
  await navigator.clipboard.writeText([...codes].map((code) => code.textContent).join("\n"));
  said.textContent = "Gekopieerd.";
});
