// Observations in columns: what the log-likelihood reads, whether they came from a file or from code.

/** Covariate values by distinct row; observation i uses values[rows[i]]. */
export interface CovariateTable {
  readonly values: readonly Float64Array[];
  readonly rows: Int32Array;
}

interface Common {
  readonly count: number;
  readonly weights: Float64Array | null;
  readonly covariates: CovariateTable | null;
  /** One-based row of the user's table, for messages. */
  readonly sourceRows: Int32Array;
}

/** How a time is known: exactly; T > time; T <= time; time < T <= upper. */
export const censoring = { exact: 0, right: 1, left: 2, interval: 3 } as const;

export interface StopObservations extends Common {
  readonly kind: "stop";
  readonly times: Float64Array;
  readonly uppers: Float64Array | null;
  readonly censoring: Uint8Array;
  /** Cause index, or −1 where no cause is given. */
  readonly causes: Int32Array;
  /** Delayed entry: the row is seen only because T > entry; null where nothing is truncated. */
  readonly entries: Float64Array | null;
  /** Right truncation: the row is seen only because T <= limit; Infinity for rows without one. */
  readonly limits?: Float64Array | null;
}

export interface RewardObservations extends Common {
  readonly kind: "reward";
  readonly reward: string;
  readonly values: Float64Array;
}

/** Panel data: subject s owns rows subjectOffsets[s] .. subjectOffsets[s + 1), in time order. */
export interface PathObservations extends Common {
  readonly kind: "path";
  readonly subjectOffsets: Int32Array;
  readonly times: Float64Array;
  /** Observed cells (indices into graph.states.cells); the others are latent. */
  readonly cells: readonly number[];
  /** Row-major count × cells.length. */
  readonly cellValues: Int32Array;
  /** 1 where the state was entered at exactly this time. */
  readonly exact: Uint8Array;
}

export type Observations = StopObservations | RewardObservations | PathObservations;
