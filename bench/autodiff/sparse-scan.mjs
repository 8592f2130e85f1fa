// 1,000 sparse matrix–vector products of size 200 in one scan: a power iteration without its normalization.
import { array, csrMatvec, csrPattern, scan } from "@phxlang/autodiff";
import { jit } from "@phxlang/runtime";
import { largestDifference, measure } from "./measure.mjs";

const [size, perRow, steps] = [200, 5, 1000];

export function sparseScan() {
  const rowOffsets = Int32Array.from({ length: size + 1 }, (_, r) => r * perRow);
  const columns = Int32Array.from({ length: size * perRow }, (_, e) => (e * 37 + (e % perRow) * 11) % size);
  const values = Float64Array.from({ length: size * perRow }, (_, e) => 0.1 + 0.2 * Math.sin(e) ** 2);
  const start = Float64Array.from({ length: size }, (_, i) => 1 + Math.cos(i));
  const pattern = csrPattern({ rowOffsets, columns, columnCount: size });
  const [v, x] = [array(values), array(start)];
  const iterate = jit(
    (entries, vector) =>
      scan((carry) => [csrMatvec(pattern, entries, carry), null], vector, null, { length: steps })[0],
  );
  const loop = () => {
    let current = start;
    let next = new Float64Array(size);
    let spare = new Float64Array(size);
    for (let step = 0; step < steps; step++) {
      for (let r = 0; r < size; r++) {
        let sum = 0;
        for (let e = rowOffsets[r]; e < rowOffsets[r + 1]; e++) sum += values[e] * current[columns[e]];
        next[r] = sum;
      }
      current = next;
      [next, spare] = [spare, next];
    }
    return current.slice();
  };
  const contestants = { phx: () => iterate(v, x).elements, loop };
  return [
    {
      name: "1,000 CSR products of size 200 in a scan",
      target: "within 1.5× of the loop",
      times: measure(contestants),
      errors: { phx: largestDifference(contestants.phx(), loop()) },
    },
  ];
}
