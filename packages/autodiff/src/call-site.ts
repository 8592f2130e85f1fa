// Which line of the user's code is running: the first stack frame outside of phx.

/** Folder of this file, as stack frames name it: `…/packages/autodiff/src/` or `…/@phxlang/autodiff/dist/`. */
const ownFolder: string = decodeURIComponent(import.meta.url.replace(/[^/]*$/, "").replace(/^file:\/\//, ""));
/** Where the sibling packages lie, and the name of the folder with their code. */
const [, siblings = ownFolder, codeFolder = ""] = /^(.*\/)[^/]+\/([^/]+)\/$/.exec(ownFolder) ?? [];

/** `file:line:column` of the innermost frame that is not phx's own; undefined where the stack does not tell. */
export function userCallSite(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const stack = new Error("where").stack;
  Error.stackTraceLimit = limit;
  for (const line of (stack ?? "").split("\n").slice(1)) {
    const place = placeOf(line);
    if (place !== undefined && !isOwn(place)) return place;
  }
  return undefined;
}

/** The place in a stack line, of V8 (`at f (place)`) or of the other engines (`f@place`). */
function placeOf(line: string): string | undefined {
  const match = /(?:\(|@|at )((?:async )?(?:file:\/\/|https?:\/\/|\/|[A-Za-z]:\\)[^()]*:\d+:\d+)\)?$/.exec(
    line.trim(),
  );
  return match?.[1].replace(/^file:\/\//, "");
}

function isOwn(place: string): boolean {
  if (place.includes("/node_modules/phxlang/") || place.includes("/@phxlang/")) return true;
  if (!place.startsWith(siblings)) return false;
  return place.slice(siblings.length).split("/")[1] === codeFolder;
}
