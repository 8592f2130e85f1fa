// Which directory keeps traces on this machine.
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `PHX_CACHE_DIR`, else the platform's cache directory: `~/.cache/phx` (or `$XDG_CACHE_HOME/phx`),
 * `~/Library/Caches/phx`, `%LOCALAPPDATA%\phx`.
 */
export function cacheDirectory(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const chosen = environment["PHX_CACHE_DIR"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  if (platform === "darwin") return join(home, "Library", "Caches", "phx");
  if (platform === "win32") return join(environment["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "phx");
  const shared = environment["XDG_CACHE_HOME"];
  return join(shared !== undefined && shared !== "" ? shared : join(home, ".cache"), "phx");
}
