// Says which result of a search was opened: a signed text about the search, nothing about the reader.
document.addEventListener("click", (event) => {
  const token = event.target.closest("[data-opened] a")?.closest("[data-opened]").dataset.opened;
  if (token) navigator.sendBeacon("/zoeken/geopend/", new URLSearchParams({ t: token }));
});
