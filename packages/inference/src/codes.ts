// Codes 803–847: what estimation and sampling say.
import type { CodeExplanation } from "@phxlang/autodiff";

export const inferenceCodes: readonly CodeExplanation[] = [
  {
    code: "PHX803",
    severity: "warning",
    title: "the information matrix is singular",
    explanation:
      "Along the direction that is shown the likelihood is flat: the data do not tell these parameters apart. " +
      "An estimate exists, standard errors do not.",
    repair: "Fix one of the parameters, give priors, or write the model in terms of what the data determine.",
  },
  {
    code: "PHX804",
    severity: "warning",
    title: "the fit stopped at a bound",
    explanation:
      "The likelihood grows towards the end of the parameter's range, and the search followed it there.",
    repair: "Take the parameter out of the model at that value, or give it a prior.",
  },
  {
    code: "PHX830",
    severity: "error",
    title: "there is nothing to fit to",
    explanation: "The data have no rows, or none that an `observe` line keeps.",
    repair: "Give at least one observation, or look at the `when` of the observe line.",
  },
  {
    code: "PHX831",
    severity: "error",
    title: "no start has a finite likelihood",
    explanation:
      "At the defaults of the model, and at every other start that was given, the data are impossible.",
    repair: "Give other starting values, or look for rows that the model cannot produce.",
  },
  {
    code: "PHX832",
    severity: "warning",
    title: "the particles have collapsed",
    explanation:
      "Their spread is far below that of the Laplace approximation. Their mean may be right; their standard deviations " +
      "and quantiles are not those of the posterior.",
    repair: "Use the dimension-scaled kernel, more particles or iterations, or NUTS.",
  },
  {
    code: "PHX833",
    severity: "warning",
    title: "the chains cannot be trusted yet",
    explanation:
      "There were divergent transitions, or the chains do not agree (R-hat above 1.01), or too few effective draws.",
    repair: "More warm-up and draws, a higher target acceptance, or a model in better-behaved parameters.",
  },
  {
    code: "PHX835",
    severity: "error",
    title: "a parameter has no prior",
    explanation:
      "Draws from a posterior need a proper prior for every parameter that is not confined to an interval or a simplex. " +
      "With a flat one on an unbounded range the posterior may not exist.",
    example: "param rate > 0 = 1",
    repair: "Write a prior behind the parameter, such as `~ gamma(2, 1)`, or use maximum likelihood.",
  },
  {
    code: "PHX834",
    severity: "error",
    title: "every observation is censored",
    explanation: "Where nothing was seen to end, the likelihood has no maximum inside the bounds.",
    repair: "Give data in which something ends.",
  },
  {
    code: "PHX836",
    severity: "warning",
    title: "the model refused points",
    explanation:
      "A search or a trajectory tried parameter values at which the model cannot be evaluated: rates that overflow, or " +
      "times of more steps than the limit. Such points count as impossible. A few of them early on are harmless; many " +
      "mean that the posterior reaches into regions that it should not.",
    repair:
      "Look at the priors and bounds of the parameters; `phx loglik` at such values shows the error itself.",
  },
  {
    code: "PHX837",
    severity: "warning",
    title: "the search ran out of iterations",
    explanation: "The likelihood was still growing when the search for its maximum ended.",
    repair:
      "Allow more iterations, start nearer to the maximum, or look for parameters that the data do not determine.",
  },
  {
    code: "PHX838",
    severity: "error",
    title: "the fit is not finished",
    explanation: "The result of a fit in steps was asked for while there was work left.",
    repair: "Call `step()` until it gives null, or iterate over `follow(run)` to its end.",
  },
  {
    code: "PHX839",
    severity: "error",
    title: "the checkpoint cannot be read",
    explanation: "The text is cut off, was changed, or was written by another version: its checksum says so.",
    repair: "Resume from the generation before it, or begin anew.",
  },
  {
    code: "PHX840",
    severity: "error",
    title: "the checkpoint belongs to another fit",
    explanation:
      "It was written with another method, model, data set or set of options. A fit that goes on under other conditions " +
      "would be neither of the two.",
    repair: "Resume it under its own conditions, or begin anew.",
  },
  {
    code: "PHX841",
    severity: "warning",
    title: "the approximation is too far from the posterior",
    explanation:
      "Pathfinder's normal distributions are corrected by importance weights. When a few weights dominate (their tail " +
      "shape is above 0.7) the draws are not those of the posterior.",
    repair: "Use NUTS, which starts from the same paths.",
  },
  {
    code: "PHX842",
    severity: "error",
    title: "an option of a fit is out of its range",
    explanation: "Numbers of draws, chains and particles are whole and positive; shares lie between 0 and 1.",
    repair: "Give a value in the range that the message names.",
  },
  {
    code: "PHX843",
    severity: "error",
    title: "this cannot be simulated",
    explanation:
      "Drawing parameters from priors, or data from a model, works by the design of the data: it cannot repeat entries " +
      "that were seen at their very moment, truncations that almost never hold, or priors that almost never meet the bounds.",
    repair: "Change the priors, or leave the rows that the message names out of what is simulated.",
  },
  {
    code: "PHX844",
    severity: "warning",
    title: "cross-validation depends on single observations",
    explanation:
      "Without one of the rows that are named the posterior would be so different that importance weights cannot get " +
      "there from the posterior with it (tail shape above 0.7).",
    repair: "Fit the model without these rows and evaluate them directly, or look at why they weigh so much.",
  },
  {
    code: "PHX845",
    severity: "warning",
    title: "the method is not calibrated for this model",
    explanation:
      "The ranks of known parameters among the draws of fits to simulated data are not uniform: the draws do not have " +
      "the quantiles of the posterior. The warning is false once in a thousand times.",
    repair:
      "Use another method, or more iterations; the histograms show whether draws are too narrow, too wide or off to a side.",
  },
  {
    code: "PHX846",
    severity: "error",
    title: "EM does not apply",
    explanation:
      "Its steps have a closed form where every rate is a sum of coefficient × parameter, start probabilities are " +
      "constants or a simplex, and times (not rewards) were observed without truncation.",
    repair: "Use the search by L-BFGS, which is the default and has no such conditions.",
  },
  {
    code: "PHX847",
    severity: "error",
    title: "these are not draws that phx can read",
    explanation:
      "Saved draws are Stan CSV (a file for each chain), or the JSON or NetCDF of ArviZ with a group `posterior`. The message " +
      "says what is missing from them.",
    example: "phx diagnose data/aircondit7.csv",
    repair: "Give what `phx fit --out` wrote, or what Stan or ArviZ wrote.",
  },
];
