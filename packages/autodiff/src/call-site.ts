// Which line of the user's code is running: the first stack frame outside this package.

const packageRoot: string = import.meta.url.replace(/[^/]*$/, "");
const packagePath: string = decodeURIComponent(packageRoot.replace(/^file:\/\//, ""));

/** `file:line:column` of the innermost frame that is not phx's own; undefined where the stack does not tell. */
export function userCallSite(): string | undefined {
  const stack = new Error("where").stack;
  if (stack === undefined) return undefined;
  for (const line of stack.split("\n").slice(1)) {
    if (line.includes(packageRoot) || line.includes(packagePath)) continue;
    const match = /\(?((?:file:\/\/|https?:\/\/|\/|[A-Za-z]:\\)[^()]*?:\d+:\d+)\)?\s*$/.exec(line);
    if (match?.[1] !== undefined) return match[1].replace(/^file:\/\//, "");
  }
  return undefined;
}
