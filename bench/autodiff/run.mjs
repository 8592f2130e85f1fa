// The benchmark of the autodiff engine: `node bench/autodiff/run.mjs`, after a build. It needs Node 22 or more for
// its peer and starts itself again with one if it must; `--without-peer` leaves the peer out.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { elementwise } from "./elementwise.mjs";
import { logistic } from "./logistic.mjs";
import { matmul } from "./matmul.mjs";
import { formatTime } from "./measure.mjs";
import { memory } from "./memory.mjs";
import { scalarProgram } from "./scalar-program.mjs";
import { sparseScan } from "./sparse-scan.mjs";

const withoutPeer = process.argv.includes("--without-peer");
const major = Number(process.versions.node.split(".")[0]);

if (!withoutPeer && major < 22) {
  const script = fileURLToPath(import.meta.url);
  const run = spawnSync("npx", ["--yes", "node@24", "--expose-gc", script, ...process.argv.slice(2)], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.exit(run.status ?? 1);
}

const peer = withoutPeer ? null : await loadPeer();
console.log(
  `Node ${process.versions.node}, ${process.platform} ${process.arch}; medians of interleaved runs\n`,
);
const cases = { elementwise, logistic, matmul, sparseScan, scalarProgram };
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
for (const [name, run] of Object.entries(cases)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const row of run(peer)) print(row);
}
if (wanted.length === 0 || wanted.includes("memory")) {
  const { growth, microsecondsPerCall } = memory();
  console.log("10⁵ calls of a jitted gradient of 64 numbers (target: the heap does not grow)");
  console.log(`    ${microsecondsPerCall.toFixed(2)} µs a call; growth: ${JSON.stringify(growth)}`);
}

async function loadPeer() {
  const jax = await import("@jax-js/jax");
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  return { jax, np: jax.numpy };
}

/** Medians, and in brackets the best of all runs; ratios of the medians and of the best. */
function print({ name, target, times, errors }) {
  console.log(`${name} (target: ${target})`);
  const { phx } = times;
  for (const [contestant, time] of Object.entries(times)) {
    if (time === undefined) continue;
    const compared = phx !== undefined && contestant !== "phx";
    const ratio = compared
      ? `  ${quotient(time.median, phx.median)} (${quotient(time.best, phx.best)}) × phx`
      : "";
    const error = errors?.[contestant];
    const accuracy =
      error === undefined || contestant === "loop" ? "" : `  difference ${error.toExponential(1)}`;
    const own = `${formatTime(time.median).padStart(10)} ${`(${formatTime(time.best)})`.padEnd(12)}`;
    console.log(`    ${contestant.padEnd(12)} ${own}${ratio}${accuracy}`);
  }
  console.log("");
}

function quotient(a, b) {
  return (a / b).toFixed(2);
}
