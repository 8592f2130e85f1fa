// FormsWriter: linear forms from logged transitions, into arrays of full size.
import { mergeTerms } from "./linear-forms.ts";
import type { LinearForms } from "./linear-forms.ts";
import type { TransitionLog } from "./transition-log.ts";

/** Nothing grows, for as many rows as a graph has edges. */
export class FormsWriter {
  private readonly log: TransitionLog;
  private readonly offsets: Int32Array;
  private readonly features: Int32Array;
  private readonly coefficients: Float64Array;
  private rowCount = 0;
  private length = 0;

  constructor(log: TransitionLog, rowCapacity: number, termCapacity: number) {
    this.log = log;
    this.offsets = new Int32Array(rowCapacity + 1);
    this.features = new Int32Array(termCapacity);
    this.coefficients = new Float64Array(termCapacity);
  }

  /** A row with the terms of one logged transition. */
  row(t: number): void {
    const feature = this.log.featureOf(t);
    if (feature >= 0) {
      this.features[this.length] = feature;
      this.coefficients[this.length] = this.log.coefficientOf(t);
      this.length++;
      this.offsets[++this.rowCount] = this.length;
      return;
    }
    this.add(t);
    this.endRow();
  }

  /** Adds the terms of logged transition t to the open row. */
  add(t: number): void {
    const { log } = this;
    const feature = log.featureOf(t);
    if (feature >= 0) {
      this.features[this.length] = feature;
      this.coefficients[this.length++] = log.coefficientOf(t);
      return;
    }
    const end = log.termOffsets.items[-feature];
    for (let j = log.termOffsets.items[-1 - feature]; j < end; j++) {
      this.features[this.length] = log.overflowFeatures.items[j];
      this.coefficients[this.length++] = log.overflowCoefficients.items[j];
    }
  }

  /** Closes the row: its terms are sorted and merged. */
  endRow(): void {
    const begin = this.offsets[this.rowCount];
    if (this.length > begin + 1) {
      this.length = mergeTerms(this.features, this.coefficients, begin, this.length);
    }
    this.offsets[++this.rowCount] = this.length;
  }

  toForms(): LinearForms {
    const { rowCount, length, offsets, features, coefficients } = this;
    return {
      rowCount,
      offsets: offsets.length === rowCount + 1 ? offsets : offsets.slice(0, rowCount + 1),
      features: features.length === length ? features : features.slice(0, length),
      coefficients: coefficients.length === length ? coefficients : coefficients.slice(0, length),
    };
  }
}
