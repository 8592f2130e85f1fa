// The reference values of vectors/transforms.json under jit of the CPU device.
import { testVectors } from "../../../autodiff/tests/vectors/check-vectors.ts";
import { jitted } from "../../../autodiff/tests/vectors/vector-case.ts";
import { jit } from "../../src/index.ts";

testVectors([["compiled", jitted(jit), jit]]);
