// An editor who is logged out meanwhile keeps what was written: the form stays where it is until it can be sent, and
// takes the new token once someone logged in again in another tab.
const form = document.querySelector("form[data-edit-form]");
const notice = document.createElement("div");
let passed = false;

notice.className = "logged-out";
notice.setAttribute("role", "alert");
document.body.append(notice);

function say(isOut) {
  notice.replaceChildren();
  if (!isOut) return;
  const link = document.createElement("a");
  link.href = "/beheer/";
  link.target = "_blank";
  link.textContent = "Log in een nieuw tabblad in";
  notice.append("Je bent uitgelogd. ", link, " en bewaar dan hier. Wat je schreef, staat er nog.");
}

/** Whether the form can be sent; only a plain "nobody is logged in" is a no. */
async function canSend() {
  try {
    const answer = await fetch("/beheer/sessie/", { headers: { Accept: "application/json" } });
    say(answer.status === 401);
    if (answer.status === 401) return false;
    const { token } = await answer.json();
    window.wagtailConfig.CSRF_TOKEN = token;
    for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
  } catch {
    // No connection, or a server that is broken: sending the form says so.
  }
  return true;
}

async function send(event) {
  if (event.target !== form) return;
  if (passed) {
    passed = false;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  passed = await canSend();
  if (passed) {
    button?.removeAttribute("disabled"); // Wagtail disables a busy button; then its name would not be sent
    form.requestSubmit(button);
  } else button?.setAttribute("data-w-progress-loading-value", "false");
}

if (form) {
  document.addEventListener("submit", send, { capture: true });
  document.addEventListener("w-autosave:error", canSend);
  jQuery(document).on("ajaxError", canSend); // a chooser that got no answer
  document.addEventListener("visibilitychange", () => document.hidden || canSend());
}
