// Lists the events of the element in a frame of the same origin. They bubble out of the element up to the
// frame's window, so the page in the frame needs no change.
const EVENTS = ["load", "error", "unauthorized", "change"].map((name) => `referral-history:${name}`);

function show({ type, detail }) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  const name = document.createElement("strong");
  const data = document.createElement("code");
  time.textContent = new Date().toLocaleTimeString("en-GB");
  name.textContent = type;
  // As text: nothing in an event is markup.
  data.textContent = JSON.stringify(detail);
  item.append(time, " ", name, " ", data);
  document.querySelector(".events").prepend(item);
}

// Other pages of the console refuse a frame, so a link that leads out of the example takes the whole window.
function leave(event) {
  const link = event.composedPath().find(({ href }) => href);
  if (link && !link.href.startsWith(event.view.location.href.split(/[?#]/)[0])) link.target = "_top";
}

// A frame loads before its element has an answer. The event does not bubble, but it can be captured. It comes
// again when the page in the frame is loaded anew.
document.addEventListener(
  "load",
  ({ target }) => {
    // A page that the frame may not show has no document here.
    if (target.localName !== "iframe" || !target.contentDocument) return;
    for (const name of EVENTS) target.contentWindow.addEventListener(name, show);
    target.contentWindow.addEventListener("click", leave, true);
  },
  true,
);
