// What `#[lazy]` of Leptos calls for the later part of the program. The build gives the function its full name, and
// bundles this with the script that wasm-bindgen makes.
import { initSync } from "./element.js";

// Returns a promise of the compiled part.
let loadLater;
// A promise that is fulfilled when the part is there. Each page asks for it, and a page that is gone does not wait.
let isLoaded;

export function setLater(load) {
  loadLater = load;
}

async function load(program) {
  await WebAssembly.instantiate(await loadLater(), { __wasm_split: program });
}

export async function __wasm_split_load(callback, data) {
  const program = initSync();
  isLoaded ??= load(program);
  try {
    await isLoaded;
  } catch {
    // The entry has ended all pages.
    return;
  }
  program.__indirect_function_table.get(callback)(data, true);
}
