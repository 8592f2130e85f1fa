// E-BFMI: whether momentum resampling explores the energies of the posterior.

/** Energy Bayesian fraction of missing information of one chain (Betancourt 2016); below 0.3 is a warning. */
export function energyFraction(energies: Float64Array): number {
  const center = energies.reduce((sum, e) => sum + e, 0) / energies.length;
  let changes = 0;
  let spread = 0;
  for (let i = 0; i < energies.length; i++) {
    if (i > 0) changes += (energies[i] - energies[i - 1]) ** 2;
    spread += (energies[i] - center) ** 2;
  }
  return changes / spread;
}
