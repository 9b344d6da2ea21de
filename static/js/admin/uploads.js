// A file that is too large is refused beside its field, before anyone waits for it. The field for many files at once
// has its own check.
const most = document.currentScript.dataset;

function size(bytes) {
  return `${(bytes / 1024 / 1024).toLocaleString("nl", { maximumFractionDigits: 1 })} MB`;
}

document.addEventListener(
  "change",
  (event) => {
    const field = event.target;
    if (field.type !== "file" || field.multiple) return;
    document.getElementById(`${field.id}-fout`)?.remove();
    const limit = Number(field.accept.includes("image/") ? most.image : most.document);
    const file = field.files[0];
    if (!file || file.size <= limit) return;
    event.stopImmediatePropagation();
    const words = document.createElement("p");
    words.id = `${field.id}-fout`;
    words.className = "error-message";
    words.setAttribute("role", "alert");
    words.textContent = `‘${file.name}’ is ${size(file.size)}. Hier mag een bestand hoogstens ${size(limit)} zijn. Maak het kleiner of kies een ander bestand.`;
    field.value = "";
    field.after(words);
  },
  { capture: true },
);
