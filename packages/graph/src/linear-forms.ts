// Sparse rows over rate features: every θ-dependent quantity of a graph is one of these.

/**
 * Row r stands for the number sum over j in [offsets[r], offsets[r + 1]) of coefficients[j] * φ[features[j]],
 * where φ(z) is the feature vector of the graph. Features of a row are distinct and ascending.
 * Feature 0 is the constant 1.
 */
export interface LinearForms {
  readonly rowCount: number;
  /** Length rowCount + 1. */
  readonly offsets: Int32Array;
  readonly features: Int32Array;
  readonly coefficients: Float64Array;
}
