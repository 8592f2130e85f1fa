// The public face of phxlang: everything that users import, wherever the code runs.
export * from "./facade.ts";
export { load, loadData } from "./load.ts";
