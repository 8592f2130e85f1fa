// Where a picture goes: SVG on standard output, or a file whose ending decides the format.
import { PhxError } from "@phxlang/autodiff";
import type { Invocation } from "../command.ts";
import { renderPage } from "../plots/page.ts";

export async function writePicture(
  svg: string,
  title: string,
  out: string | undefined,
  invocation: Invocation,
): Promise<void> {
  if (out === undefined) {
    await invocation.host.out.write(svg);
    return;
  }
  const ending = endingOf(out, ["svg", "png", "html"]);
  invocation.host.writeFile(
    out,
    ending === "svg"
      ? svg
      : ending === "html"
        ? renderPage(title, svg)
        : await invocation.host.renderPng(svg),
  );
  await invocation.note(`wrote ${out}`);
}

/** The ending of a file's name, one of those allowed. Throws PHX998. */
export function endingOf<E extends string>(path: string, allowed: readonly E[]): E {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1].toLowerCase();
  const match = allowed.find((candidate) => candidate === ending);
  if (match !== undefined) return match;
  throw new PhxError({
    code: "PHX998",
    what:
      ending === undefined
        ? `"${path}" has no ending that says what to write`
        : `there is no way to write a .${ending} file here`,
    why: "the ending of the file decides the format",
    fix: `use ${allowed.map((candidate) => `.${candidate}`).join(", ")}`,
  });
}
