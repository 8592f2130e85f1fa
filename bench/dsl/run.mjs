// From the text of a model to its graph: `node bench/dsl/run.mjs`, after a build. Milliseconds of one run each, with
// the states and edges, and what the compiled callback takes of it alone.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "@phxlang/dsl";
import { explore } from "@phxlang/graph";

const cases = [
  { file: "rabbits", constants: { n: 200 } },
  { file: "rabbits", constants: { n: 1412 } },
  { file: "sfs", constants: { n: 30 } },
  { file: "jsfs", constants: { n1: 4, n2: 4 } },
  { file: "polling", constants: { N: 12 } },
  { file: "sir", constants: { N: 500 } },
];

console.log(
  "model".padEnd(34),
  "states".padStart(9),
  "edges".padStart(9),
  "check",
  "explore",
  "callback alone",
);
for (const { file, constants } of cases) {
  const path = fileURLToPath(new URL(`../../examples/${file}.phx`, import.meta.url));
  const begin = performance.now();
  const model = compile(readFileSync(path, "utf8"), { source: `${file}.phx`, constants });
  const checked = performance.now();
  const graph = explore(model.description.callback, { keepTransitions: false });
  const explored = performance.now();
  askEveryState(model.description.callback, graph);
  const asked = performance.now();
  const times = [checked - begin, explored - checked, asked - explored].map((time) => time.toFixed(0));
  const title = `${file} ${JSON.stringify(constants)}`;
  console.log(
    title.padEnd(34),
    String(graph.stateCount).padStart(9),
    String(graph.edgeCount).padStart(9),
    times[0].padStart(5),
    times[1].padStart(7),
    times[2].padStart(14),
  );
}

/** Transitions of every state of the first epoch, given to nobody. */
function askEveryState(callback, { states, stateCount }) {
  const state = new Int32Array(states.cells.length);
  const nobody = { edge: () => undefined };
  for (let i = 0; i < stateCount; i++) {
    states.read(i, state);
    if (callback.stopCause(state, 0) < 0) callback.transitions(state, 0, nobody);
  }
}
