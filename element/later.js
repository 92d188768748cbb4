// What `#[lazy]` of Leptos calls for the second file of the program. The build gives the function its full name, and
// bundles this with the script that wasm-bindgen makes.
import { initSync } from "./element.js";

// A promise that is fulfilled when the file is part of the program.
let isLoaded;

// Adds the file, compiled, to the program.
export async function addLater(compiled) {
  isLoaded = WebAssembly.instantiate(compiled, { __wasm_split: initSync() });
  await isLoaded;
}

export async function __wasm_split_load(callback, data) {
  await isLoaded;
  initSync().__indirect_function_table.get(callback)(data, true);
}
