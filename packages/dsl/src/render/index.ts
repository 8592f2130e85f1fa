// Names of the render folder that other folders use.
export { toJson } from "./json.ts";
export type { JsonDiagnostic, JsonFix, JsonPlace } from "./json.ts";
export { render, renderAll } from "./render.ts";
export type { RenderOptions, Texts } from "./render.ts";
