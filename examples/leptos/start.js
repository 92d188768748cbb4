// Starts the console. A file of its own, because its Content-Security-Policy has no inline script;
// the script element that trunk writes says which files belong to this build.
const { module, wasm } = document.querySelector('script[data-module]').dataset;

const { default: start } = await import(new URL(module, document.baseURI));
await start({ module_or_path: new URL(wasm, document.baseURI) });
