// Codes 7xx: the state graph.
import type { CodeExplanation } from "@phxlang/autodiff";

export const graphCodes: readonly CodeExplanation[] = [
  {
    code: "PHX701",
    severity: "error",
    title: "a state outside its range",
    explanation:
      "Cells stay inside their declared ranges: nothing is clamped. The message shows the event, the state it happened in, and the value that does not fit.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent arrive: q += 1 @ mu\nevent serve: q -= 1 @ mu",
    repair: "Guard the event, stop there, or widen the range.",
  },
  {
    code: "PHX702",
    severity: "error",
    title: "a negative rate or probability",
    explanation:
      "In the state that is shown, the value is below 0: for all parameters, or at the defaults of the file.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ 2 - q",
    repair: "Guard the event, or correct the formula.",
  },
  {
    code: "PHX703",
    severity: "error",
    title: "an expression without a value",
    explanation:
      "A division by zero, a logarithm or root of a negative number, or an infinite value: in a constant, or in the state that is shown.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu / (q - 1)",
    repair: "Guard the event, or correct the formula.",
  },
  {
    code: "PHX704",
    severity: "error",
    title: "probabilities that do not sum to 1",
    explanation:
      "In discrete time something happens at every step: in each state that is not a stop, the probabilities of the events sum to 1 for all parameter values inside their bounds.",
    example:
      "discrete model m\nstate q in 0..3\nstart: q = 1\nstop when q == 0 or q == 3\nevent up: q += 1 @ 0.6\nevent down: q -= 1 @ 0.6",
    repair: "Correct the probabilities, or use `@ rest` for the remainder.",
  },
  {
    code: "PHX705",
    severity: "error",
    title: "states from which no stop can be reached",
    explanation:
      "Once in these states, the model never stops: the time is infinite with positive probability.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent leave when q == 3: q = 1 @ mu\nevent serve when q == 3: q = 0 @ mu",
    repair: "Let them stop or be left, or accept it: `--allow-defective`.",
  },
  {
    code: "PHX706",
    severity: "error",
    title: "no stop at all",
    explanation: "No stop state can be reached from the start, so the time is always infinite.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve when q > 1: q -= 1 @ mu",
    repair: "Check the stop condition and the guards.",
  },
  {
    code: "PHX707",
    severity: "error",
    title: "too many states",
    explanation: "The graph of states is explored whole, up to a limit.",
    repair: "Lower the constants, tighten the ranges, or raise `--max-states`.",
  },
  {
    code: "PHX708",
    severity: "error",
    title: "an event that changes nothing",
    explanation:
      "In continuous time an event that leads back to the same state has no meaning, unless a reward is paid on it.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent stay when q == 3: q = 3 @ mu\nevent serve: q -= 1 @ mu",
    repair: "Guard the event.",
  },
  {
    code: "PHX709",
    severity: "warning",
    title: "an event that never happens",
    explanation: "In no reachable state is the guard true and the rate different from zero.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent jump when q == 2 and q == 3: q = 0 @ mu\nevent serve: q -= 1 @ mu",
    repair: "Correct the guard or the rate, or remove the event.",
  },
  {
    code: "PHX710",
    severity: "warning",
    title: "a start that stops",
    explanation: "The model starts in a stop state with positive probability: the time has an atom at 0.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 0 @ 0.4\nstart: q = 3 @ 0.6\nstop when q == 0\nevent serve: q -= 1 @ mu",
    repair: "Start elsewhere, unless this is meant.",
  },
  {
    code: "PHX711",
    severity: "warning",
    title: "a state that never changes",
    explanation: "The state has one value in all reachable states: it is a constant.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nstate speed in 1..3\nevent serve: q -= 1 @ mu * speed",
    repair: "Make it a `const`, or write the event that changes it.",
  },
  {
    code: "PHX802",
    severity: "warning",
    title: "parameters that cannot be told apart",
    explanation:
      "All rates, weights and rewards depend on these parameters only together, as on their product, quotient or sum (or on one " +
      "of them not at all), so every observation is as likely under other values with the same product. This is a " +
      "property of the model, found without looking at the data.",
    example:
      'model m\nparam contacts > 0 = 2\nparam risk > 0 = 0.5\nstate q in 0..1\nstart: q = 0\nstop when q == 1\nevent catch: q = 1 @ contacts * risk\ndata d from "times.csv"\nobserve d: stop at t',
    repair: "Make one of them a `const`, or declare one parameter for the product.",
  },
];
