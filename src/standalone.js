// The standalone page in a frame: a parent of the same origin is told how high the page is, so that it
// can make the frame as high. A parent of another origin is told nothing.
if (parent !== window) {
  const element = document.querySelector("referral-history");
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ type: "referral-history:height", height }, location.origin);
  }).observe(element);
}
