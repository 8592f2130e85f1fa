// The error codes of models: what `phx explain` prints for them.
import type { CodeExplanation } from "@phxlang/autodiff";

function code(name: string, title: string, explanation: string, repair: string): CodeExplanation {
  return { code: name, severity: "error", title, explanation, repair };
}

export const modelCodes: readonly CodeExplanation[] = [
  code(
    "PHX606",
    "the model gives a row of the data probability 0",
    "What the row shows cannot happen in the model, whatever the other rows: the log-likelihood would be minus infinity.",
    "Correct or drop the row, or let the model do what it shows.",
  ),
  code(
    "PHX806",
    "an accumulated reward has moments only",
    "Densities and probabilities of an accumulated reward need rewards that are positive, or 0 whatever the parameters: then the reward is a clock. A negative reward runs backwards.",
    "Ask for moments, or choose parameters for which the reward is positive.",
  ),
  code(
    "PHX805",
    "no method computes these values to the tolerance within its budget",
    "Densities and probabilities are computed by a method whose error estimate is within the tolerance, or not at all. Uniformization takes about (fastest rate) × (largest time) products with the operator, and at most 1e11 multiply-adds; dense squaring takes generators of up to 256 rows; Krylov spaces converge slowly where times are nearly fixed, and their error is relative to the largest value. The message has the numbers of all that were tried.",
    "Use smaller times, remove states that are left at once (their rates are far above the others), or leave the method to auto.",
  ),
  code(
    "PHX900",
    "theta has the wrong shape",
    "θ is given in the order of the model's parameters, one number for each entry, or as an object { name: value } whose array values are nested like the parameters.",
    "Give as many numbers as the model has parameter entries; use vmap for a batch of thetas.",
  ),
  code(
    "PHX901",
    "a parameter is not a finite number",
    "NaN and infinities among parameters would silently spread through every result.",
    "Find where the value comes from and give a finite number.",
  ),
  code(
    "PHX902",
    "a parameter is out of its bounds",
    "The bounds of a parameter (`param rate > 0`, `in 0..1`, `simplex`) say where the model makes sense. They are checked whenever θ is concrete.",
    "Give a value within the bounds, or change the bounds in the model.",
  ),
  code(
    "PHX903",
    "there is no parameter or reward of this name",
    "Names are those of the model; array rewards have one name per entry, as `branch[1]`.",
    "Use one of the names that the message lists.",
  ),
  code(
    "PHX904",
    "a parameter has no value",
    "An object { name: value } may leave out parameters that have defaults, and only those.",
    "Name the parameter, or give it a default in the model.",
  ),
  code(
    "PHX905",
    "a covariate is unknown or has no value",
    "`with` gives values to covariates that the model declares, one finite number each.",
    "Use the names of the model's covariates and finite numbers.",
  ),
  code(
    "PHX906",
    "there is no cause of this name",
    "Causes are the names of the model's `stop` declarations.",
    "Use one of them; a model whose stops have no names has one cause, named by the empty text.",
  ),
  code(
    "PHX907",
    "a time is negative, infinite or not a number",
    "Times are values of the variable whose distribution is asked for: finite numbers from 0 on.",
    "Look for NaN, infinities and negative numbers among the times.",
  ),
  code(
    "PHX908",
    "an argument is not of the kind that is needed",
    "Orders, counts and steps of discrete time are whole numbers; probabilities lie between 0 and 1.",
    "Give such a number.",
  ),
  code(
    "PHX909",
    "this function does not exist for this distribution",
    "Continuous distributions have a density (pdf), discrete ones a probability mass (pmf). Some accumulated rewards have moments only.",
    "Use the other function of the pair, or moments.",
  ),
  code(
    "PHX980",
    "matrices do not describe an absorbing chain",
    "fromMatrices takes initial probabilities alpha [n] with sum at most 1 and sub-intensities S [n, n]: nonnegative off the diagonal, rows with sums of at most 0.",
    "Check shapes and signs; the message names the entry.",
  ),
  code(
    "PHX981",
    "these models cannot be combined",
    "convolve, minimum, maximum and mixture take models of one kind of time and one epoch each.",
    "Combine models of one kind; put epochs around the combination.",
  ),
  code(
    "PHX982",
    "epochs around epochs",
    "Model.epochs makes parameters change in time for a model whose parameters do not change yet.",
    "Give the model's own epochs in the file, or use a model without them.",
  ),
  code(
    "PHX983",
    "this reward has no distribution in closed form",
    "The accumulated reward is a phase-type variable where it grows at positive rates alone (continuous time), or in whole numbers alone (payments in continuous time, any in discrete time), within one epoch. Its moments and its transform exist always.",
    "Ask for moments, or split the reward into its parts.",
  ),
  code(
    "PHX984",
    "sampling has no derivative",
    "A sampled path jumps between states; how it changes with θ is not a derivative of one path.",
    "Differentiate expectations (moments, probabilities), or the log-likelihood of given data.",
  ),
  code(
    "PHX985",
    "there are no observations",
    "The log-likelihood of no data is 0 whatever θ: a fit of it would return the start values.",
    "Check the file and the `when` of `observe`.",
  ),
];
