// PNG pictures from SVG, at twice the size for sharp screens.
import { PhxError } from "@phxlang/autodiff";
import { Resvg } from "@resvg/resvg-js";

const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };

/** Throws PHX998 where the system has no fonts: a picture without its labels would be a wrong picture. */
export function renderPng(svg: string): Uint8Array {
  if (!hasFonts()) {
    throw new PhxError({
      code: "PHX998",
      what: "the labels of a PNG cannot be drawn on this machine",
      why: "the system has no fonts",
      fix: "write .svg instead, or install a font such as DejaVu Sans",
    });
  }
  return new Resvg(svg, { fitTo: { mode: "zoom", value: 2 }, font }).render().asPng();
}

/** Whether a letter leaves any trace. */
export function hasFonts(): boolean {
  const letter = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="5" y="30" font-size="30">M</text></svg>`;
  return new Resvg(letter, { font }).render().pixels.some((value) => value !== 0);
}
