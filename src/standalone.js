// The standalone page in a frame: sends its height to a parent of the same origin, which can resize the
// frame. A parent of another origin gets no message.
if (parent !== window) {
  const element = document.querySelector("referral-history");
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ type: "referral-history:height", height }, location.origin);
  }).observe(element);
}
