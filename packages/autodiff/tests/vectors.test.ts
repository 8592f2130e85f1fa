// The reference values of vectors/transforms.json, eager and under jit of the interpreter.
import { interpreterDevice, makeJit } from "../src/index.ts";
import { testVectors } from "./vectors/check-vectors.ts";
import { eager, jitted } from "./vectors/vector-case.ts";

const jit = makeJit(interpreterDevice);
testVectors([
  ["eager", eager, jit],
  ["under jit", jitted(jit), jit],
]);
