// Where the Chromium is that tests of browsers run in, and what to do where there is none.
import { existsSync } from "node:fs";

/** Of Debian's package, unless PHX_CHROMIUM names another. */
const path = process.env["PHX_CHROMIUM"] ?? "/usr/bin/chromium";

export const installChromium = "apt-get install -y --no-install-recommends chromium";

/**
 * Path of the browser; null where it is absent: tests in browsers do not run then, and `npm test` says so. On a machine
 * of continuous integration (CI=true) that is an error.
 */
export function findChromium(): string | null {
  if (existsSync(path)) return path;
  if (process.env["CI"] !== "true") return null;
  throw new Error(`there is no Chromium at ${path}: ${installChromium}`);
}
