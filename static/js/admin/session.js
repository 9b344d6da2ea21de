// An editor who is logged out meanwhile keeps what was written: the form stays where it is until it can be sent, and
// takes the new token once someone logged in again in another tab. Wagtail keeps a form by itself too: from the moment
// someone sends it, that does not begin any more, and what is on its way comes first.
const form = document.querySelector("form[data-edit-form]");
const notice = document.createElement("div");
const PATIENCE = 3000; // milliseconds for one answer
const KEEPING = 5000; // milliseconds for what Wagtail is keeping by itself
const LONGEST = 30000; // milliseconds after which Wagtail frees a button
const APPROVAL = ["action-workflow-action", "workflow-action-name", "workflow-action-extra-data"];
let phase = "free"; // then "asking", "passing" and "sent"
let kept; // the latest event with which Wagtail announced that it keeps the form by itself

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
    const answer = await fetch("/beheer/sessie/", {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    say(answer.status === 401);
    if (answer.status === 401) return false;
    const { token } = await answer.json();
    window.wagtailConfig.CSRF_TOKEN = token;
    for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
  } catch {
    // No connection, no answer, or a server that is broken: sending the form says so.
  }
  return true;
}

function controller(name) {
  return window.wagtail.app.getControllerForElementAndIdentifier(form, name);
}

/** Wagtail announces what it keeps by itself a moment before it sends it. */
function announce(event) {
  if (event.target !== form) return;
  if (phase === "free") {
    kept = event;
  } else {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** Stop what waits to be kept; let what is on its way end: it may give a new page its own address for the form. */
async function endKeeping() {
  kept?.preventDefault();
  await Promise.race([
    controller("w-autosave")?.submitPromise,
    new Promise((resolve) => setTimeout(resolve, KEEPING)),
  ]).catch(() => {}); // the form goes as it is
}

function stay(button) {
  phase = "free";
  button?.setAttribute("data-w-progress-loading-value", "false");
  // What Wagtail added on a click on "Goedkeuren" would approve at the next save.
  for (const name of APPROVAL) form.querySelector(`input[type=hidden][name=${name}]`)?.remove();
  controller("w-unsaved")?.notify(); // what was not kept meanwhile
}

async function send(event) {
  if (event.target !== form) return;
  if (phase === "passing") {
    phase = "sent";
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (phase !== "free") return; // a second click
  phase = "asking";
  const button = event.submitter;
  const [isIn] = await Promise.all([canSend(), endKeeping()]);
  if (!isIn) return stay(button);
  phase = "passing";
  button?.removeAttribute("disabled"); // Wagtail disables a busy button; then its name would not be sent
  form.requestSubmit(button);
  if (phase === "passing") return stay(button); // a field is not filled in well
  setTimeout(() => button?.setAttribute("disabled", ""));
  setTimeout(() => (phase = "free"), LONGEST);
}

if (form) {
  form.submit = () => form.requestSubmit(); // Wagtail would send an approval with a comment past what stands here
  document.addEventListener("submit", send, { capture: true });
  document.addEventListener("w-autosave:save", announce, { capture: true });
  document.addEventListener("w-autosave:error", canSend);
  jQuery(document).on("ajaxError", canSend); // a chooser that got no answer
  document.addEventListener("visibilitychange", () => document.hidden || canSend());
  window.addEventListener("pageshow", () => (phase = "free"));
}
