// openPage: a module bundled and loaded in a page of headless Chromium, its functions called from a test.
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build } from "vite";
import { findChromium, installChromium } from "./chromium.ts";

export interface Page {
  /** Calls an exported function of the module in the page; argument and result pass as JSON. Throws what it throws. */
  call(name: string, argument?: unknown): Promise<unknown>;
  /** Loads the module anew in the same browser profile: databases stay, memory does not. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

const bundleFile = "page.js";

/** Cross-origin isolation: SharedArrayBuffer and threads work in the page as they do in Node. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cache-Control": "no-store",
};

const html = `<!doctype html><meta charset="utf-8"><title>phx</title><script type="module" src="/${bundleFile}"></script>`;

/**
 * Bundles the module at `entry` from the sources of the packages, serves it on the loopback interface, and opens it.
 * Workers and other files that it refers to with \`new URL(…, import.meta.url)\` come along. `flags` are further
 * arguments for Chromium.
 */
export async function openPage(entry: URL, flags: readonly string[] = []): Promise<Page> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(`there is no Chromium: ${installChromium}`);
  const server = await serve(await bundle(fileURLToPath(entry)));
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...flags,
    ],
  });
  const page = await browser.newPage();
  const failures: Error[] = [];
  page.on("pageerror", (error) => failures.push(error));
  const load = async (): Promise<void> => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: "load" });
    if (failures.length > 0) throw failures[0];
  };
  await load();
  return {
    async call(name, argument) {
      const result = await page.evaluate(
        ([called, given]) => {
          const functions = (
            globalThis as unknown as { exported: Record<string, (given: unknown) => unknown> }
          ).exported;
          return functions[called](given);
        },
        [name, argument] as const,
      );
      if (failures.length > 0) throw failures[0];
      return result;
    },
    reload: load,
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Files = ReadonlyMap<string, string | Uint8Array>;

/** Path in the server to content. The exports of the entry become the global `exported`. */
async function bundle(entry: string): Promise<Files> {
  const start = "\0start";
  const built = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["phx-source", "browser"] },
    worker: { format: "es" },
    plugins: [
      {
        name: "start",
        resolveId: (id) => (id === start ? id : undefined),
        load: (id) =>
          id === start
            ? `import * as exported from ${JSON.stringify(entry)}; globalThis.exported = exported;`
            : undefined,
      },
    ],
    build: {
      write: false,
      minify: false,
      target: "es2023",
      rollupOptions: { input: start, output: { format: "es", entryFileNames: bundleFile } },
    },
  });
  const files = new Map<string, string | Uint8Array>([["/", html]]);
  for (const { output } of [built].flat() as {
    output: { fileName: string; code?: string; source?: string | Uint8Array }[];
  }[]) {
    for (const { fileName, code, source } of output) files.set(`/${fileName}`, code ?? source ?? "");
  }
  return files;
}

function serve(files: Files): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://loopback").pathname;
    const content = files.get(path);
    const type = path.endsWith(".js")
      ? "text/javascript"
      : path === "/"
        ? "text/html"
        : "application/octet-stream";
    response.writeHead(content === undefined ? 404 : 200, { ...headers, "Content-Type": type });
    response.end(content);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
