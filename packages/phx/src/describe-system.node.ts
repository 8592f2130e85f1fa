// What `phx doctor` says about the machine: Node, WebAssembly, threads, fonts.
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { availableParallelism, endianness } from "node:os";
import { dirname } from "node:path";
import { cacheDirectory } from "@phxlang/runtime";
import type { Environment } from "@phxlang/runtime";
import { systemReason } from "./files.node.ts";
import type { SystemFact } from "./host.ts";

export async function describeSystem(environment: Environment): Promise<readonly SystemFact[]> {
  return [nodeVersion(), byteOrder(), webAssembly(), threads(), cache(environment), await fonts()];
}

function nodeVersion(): SystemFact {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    name: "node",
    status: major >= 20 ? "ok" : "broken",
    detail: `${process.version} on ${process.platform} ${process.arch}${major >= 20 ? "" : "; 20 or later is needed"}`,
  };
}

function byteOrder(): SystemFact {
  return endianness() === "LE"
    ? { name: "byte order", status: "ok", detail: "little-endian" }
    : { name: "byte order", status: "broken", detail: "big-endian machines are not supported" };
}

/** The smallest module with a vector instruction: () → i32, taking a lane of a constant. */
const vectorModule = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  11,
]);

/** What is asked of the engine: its types are not part of the library of Node. */
interface Validator {
  validate(bytes: Uint8Array): boolean;
}

function isValidator(engine: unknown): engine is Validator {
  return typeof engine === "object" && engine !== null && "validate" in engine;
}

function webAssembly(): SystemFact {
  const engine: unknown = Reflect.get(globalThis, "WebAssembly");
  return isValidator(engine) && engine.validate(vectorModule)
    ? { name: "webassembly", status: "ok", detail: "with SIMD" }
    : { name: "webassembly", status: "broken", detail: "no SIMD: this engine is too old" };
}

function threads(): SystemFact {
  return { name: "threads", status: "ok", detail: `${availableParallelism()} available` };
}

async function fonts(): Promise<SystemFact> {
  const { hasFonts } = await import("./plots/png.node.ts");
  return hasFonts()
    ? { name: "fonts", status: "ok", detail: "PNG pictures can be written" }
    : { name: "fonts", status: "absent", detail: "no system fonts: pictures can be SVG and HTML, not PNG" };
}

/** The directory is made when the first trace is kept: until then its nearest ancestor must let it be made. */
function cache(environment: Environment): SystemFact {
  const name = "cache";
  if (["off", "0", "false", "no"].includes((environment["PHX_CACHE"] ?? "on").toLowerCase())) {
    return { name, status: "absent", detail: "switched off by PHX_CACHE: every trace is recorded anew" };
  }
  const directory = cacheDirectory(environment);
  let nearest = directory;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
    if (statSync(nearest).isDirectory()) return { name, status: "ok", detail: directory };
    return { name, status: "absent", detail: `${directory}: ${nearest} is a file; traces are not kept` };
  } catch (error) {
    return { name, status: "absent", detail: `${directory}: ${systemReason(error)}; traces are not kept` };
  }
}
