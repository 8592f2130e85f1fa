// What transitions pay, summed by the rows that they leave, in lanes; index arrays are placed once.
import type { PayingTransitions } from "../patterns/moment-plan.ts";
import { kernelHost } from "../wasm/index.ts";
import type { LaneKernels } from "./wasm/lane-machine.ts";

type Addresses = readonly [offsets: number, transitions: number, targets: number];

const placed = new WeakMap<PayingTransitions, Addresses>();

function place(paying: PayingTransitions): Addresses {
  let addresses = placed.get(paying);
  if (addresses === undefined) {
    const arena = kernelHost().arena();
    addresses = [arena.place(paying.offsets), arena.place(paying.transitions), arena.place(paying.targets)];
    arena.releaseWith(paying);
    placed.set(paying, addresses);
  }
  return addresses;
}

/** Products with the matrix of payments and its derivatives; vectors have one element more than rows. */
export class PaymentSums {
  readonly #kernels: LaneKernels;
  readonly #rowCount: number;
  readonly #addresses: Addresses;

  constructor(kernels: LaneKernels, rowCount: number, paying: PayingTransitions) {
    this.#kernels = kernels;
    this.#rowCount = rowCount;
    this.#addresses = place(paying);
  }

  /** y += factor · Σ amounts[t] x[target of t] over the transitions t that leave each row. */
  add(factor: number, amounts: number, x: number, y: number): void {
    this.#kernels.addPayments(this.#rowCount, ...this.#addresses, factor, amounts, x, y);
  }

  /** gradient[t] += factor · left[row] · x[target of t]. */
  addGradient(factor: number, left: number, x: number, gradient: number): void {
    this.#kernels.addPaymentGradient(this.#rowCount, ...this.#addresses, factor, left, x, gradient);
  }

  /** y[target of t] += factor · amounts[t] · left[row]. */
  addTransposed(factor: number, amounts: number, left: number, y: number): void {
    this.#kernels.addPaymentsTransposed(this.#rowCount, ...this.#addresses, factor, amounts, left, y);
  }
}
