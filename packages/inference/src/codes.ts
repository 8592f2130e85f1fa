// Codes 803–834: what estimation and sampling say.
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
];
