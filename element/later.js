// What `#[lazy]` of Leptos calls for the later part of the program. The build gives the function its full name, and
// bundles this with the script that wasm-bindgen makes.
import { initSync } from "./element.js";

// Returns a promise of the compiled part.
let loadLater;

export function setLater(load) {
  loadLater = load;
}

export async function __wasm_split_load(callback, data) {
  const program = initSync();
  const isLoaded = await loadLater()
    .then((module) => WebAssembly.instantiate(module, { __wasm_split: program }))
    .then(() => true, () => false);
  // Without the part, the program panics.
  program.__indirect_function_table.get(callback)(data, isLoaded);
}
