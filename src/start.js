// Starts the page. A file of its own, because the page's Content-Security-Policy has no inline
// script; the script element that trunk writes says which files belong to this build.
const { module, wasm } = document.querySelector("script[data-module]").dataset;

try {
  const { default: start } = await import(new URL(module, document.baseURI));
  await start({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  // Without WebAssembly, or with a file blocked, there is nobody else to say so.
  document.getElementById("referral-history").textContent =
    "The page could not be started in this browser. Reload it to try again.";
  throw error;
}
