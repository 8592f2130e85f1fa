// Processes for tests of the cache: scripts of `fixtures/`, which run the built packages.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Finished {
  readonly status: number | null;
  /** Of both streams. */
  readonly output: string;
}

export interface Running {
  readonly done: Promise<Finished>;
  /** Resolves at the first output. */
  readonly started: Promise<void>;
  /** SIGKILL. */
  kill(): void;
}

export interface SpawnOptions {
  readonly nodeArgs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export function spawnFixture(script: string, args: readonly string[], options: SpawnOptions = {}): Running {
  const path = fileURLToPath(new URL(`fixtures/${script}`, import.meta.url));
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), path, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.environment },
  });
  let output = "";
  const started = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        resolve();
      });
    }
  });
  const done = new Promise<Finished>((resolve) => child.on("close", (status) => resolve({ status, output })));
  return { done, started, kill: () => child.kill("SIGKILL") };
}
