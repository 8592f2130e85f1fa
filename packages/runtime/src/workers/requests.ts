// Requests: what a page asks of its coordinator, a worker that leads the threads in the page's place.
import type { Diagnostic, DType, Elements, Mapping, PlainProgram } from "@phxlang/autodiff";

/** An array of the page in shared memory, or the number of a result that the coordinator holds. */
export type RequestInput =
  | number
  | {
      readonly dtype: DType;
      readonly shape: readonly number[];
      readonly weak: boolean;
      readonly memory: SharedArrayBuffer;
    };

/** Requests are carried out one after another, in the order in which they are sent. */
export type Request =
  | { readonly kind: "open"; readonly threads: number; readonly deadline: number }
  | {
      readonly kind: "compile";
      readonly executable: number;
      readonly program: PlainProgram;
      readonly mapping: Mapping | null;
    }
  | {
      readonly kind: "run";
      readonly executable: number;
      readonly inputs: readonly RequestInput[];
      readonly results: readonly number[];
    }
  | { readonly kind: "download"; readonly result: number; readonly answer: number }
  | {
      readonly kind: "release";
      readonly results: readonly number[];
      readonly executables: readonly number[];
    };

/** Why there is no result: the parts of a PhxError, a check that the page can explain, or anything else. */
export type Failure =
  | { readonly kind: "phx"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "check"; readonly hash: string; readonly values: Float64Array }
  | { readonly kind: "other"; readonly message: string };

export type Answer =
  | { readonly kind: "elements"; readonly answer: number; readonly elements: Elements }
  | { readonly kind: "failure"; readonly answer: number; readonly failure: Failure };
