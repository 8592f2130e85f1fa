// Priors: laws, their arguments, and whether they fit the bounds of the parameter.
import type { Place } from "@phxlang/autodiff";
import type { PriorLaw } from "@phxlang/graph";
import type { Expression, PriorCall } from "../syntax/index.ts";
import { describeShape, sizeOf } from "../terms/shape.ts";
import type { Term, TermArray } from "../terms/terms.ts";
import { placeIn } from "./context.ts";
import type { ExpressionContext } from "./context.ts";
import type { CheckedParameter } from "./model.ts";
import type { CheckedBound } from "./parameters.ts";
import { suggestion } from "./unknown-names.ts";

interface LawRule {
  readonly args: readonly string[];
  /** Names of the arguments that must be above 0. */
  readonly positive: readonly string[];
  /** Where the law has mass, from the values of its arguments. */
  support(values: readonly number[]): { readonly low: number; readonly high: number };
}

const line = { low: -Infinity, high: Infinity };
const halfLine = { low: 0, high: Infinity };
const unit = { low: 0, high: 1 };

const laws: Readonly<Record<PriorLaw, LawRule>> = {
  normal: { args: ["mean", "sd"], positive: ["sd"], support: () => line },
  half_normal: { args: ["sd"], positive: ["sd"], support: () => halfLine },
  lognormal: { args: ["mean_log", "sd_log"], positive: ["sd_log"], support: () => halfLine },
  gamma: { args: ["shape", "rate"], positive: ["shape", "rate"], support: () => halfLine },
  exponential: { args: ["rate"], positive: ["rate"], support: () => halfLine },
  beta: { args: ["a", "b"], positive: ["a", "b"], support: () => unit },
  uniform: { args: ["low", "high"], positive: [], support: ([low, high]) => ({ low, high }) },
  dirichlet: { args: ["concentration"], positive: ["concentration"], support: () => unit },
};

interface Subject {
  readonly name: string;
  readonly array: TermArray;
  readonly bound: CheckedBound;
}

/** Null after an error. `read` checks an argument and gives its value at the defaults. */
export function checkPrior(
  prior: PriorCall,
  subject: Subject,
  context: ExpressionContext,
  read: (expression: Expression) => { readonly term: Term; readonly value: number },
): CheckedParameter["prior"] {
  const { report } = context.model;
  const args = prior.args.map(read);
  const name = prior.law.name;
  const lawPlace = placeIn(context, prior.law);
  if (!isLaw(name)) {
    const known = Object.keys(laws);
    const nearest = suggestion(name, known, lawPlace);
    report.error("PHX506", lawPlace, `unknown law \`${name}\``, {
      ...nearest,
      hint: nearest.hint ?? `laws are ${known.map((law) => `\`${law}\``).join(", ")}`,
    });
    return null;
  }
  const rule = laws[name];
  const place = placeIn(context, prior);
  const entries = sizeOf(subject.array.shape);
  const arityFits =
    args.length === rule.args.length || (name === "dirichlet" && args.length === entries && entries > 0);
  if (!arityFits) {
    const wanted = rule.args.length === 1 ? "1 value" : `${rule.args.length} values`;
    report.error("PHX204", place, `\`${name}\` takes ${wanted}, ${args.length} given`, {
      hint: `\`${name}(${rule.args.join(", ")})\``,
    });
    return null;
  }
  for (const [i, { term, value }] of args.entries()) {
    const argument = rule.args[Math.min(i, rule.args.length - 1)];
    if (!rule.positive.includes(argument) || !(value <= 0)) continue;
    const signature = `\`${name}(${rule.args.join(", ")})\``;
    report.error("PHX505", term.place, `${signature}: ${argument} must be > 0, is ${value}`, {
      hint: `give a ${argument} above 0`,
    });
    return null;
  }
  const values = args.map((arg) => arg.value);
  if (name === "uniform" && values[0] >= values[1]) {
    report.error(
      "PHX505",
      place,
      `\`uniform(low, high)\`: low must be below high, ${values[0]} is not below ${values[1]}`,
      {
        hint: `\`uniform(${values[1]}, ${values[0]})\``,
      },
    );
    return null;
  }
  if (!fitsShape(name, subject, place, context)) return null;
  if (subject.bound.constant && values.every(Number.isFinite)) {
    compareWithBound(rule.support(values), subject, place, context);
  }
  return { law: name, args: args.map((arg) => arg.term) };
}

function isLaw(name: string): name is PriorLaw {
  return Object.hasOwn(laws, name);
}

/** A simplex has a dirichlet prior and nothing else has one. */
function fitsShape(law: PriorLaw, subject: Subject, place: Place, context: ExpressionContext): boolean {
  const { name, array, bound } = subject;
  if (bound.simplex === (law === "dirichlet")) return true;
  const { report } = context.model;
  if (bound.simplex) {
    report.error(
      "PHX502",
      place,
      `the entries of \`${describeShape(name, array.shape)}\` sum to 1; \`${law}\` does not know that`,
      {
        hint: "`dirichlet(1)` is uniform over the simplex",
      },
    );
  } else {
    report.error(
      "PHX503",
      place,
      `prior \`dirichlet\` covers only lists that sum to 1, but \`${name}\` is not a simplex`,
      {
        hint: `\`param ${name}[1..3] simplex ~ dirichlet(1)\``,
      },
    );
  }
  return false;
}

function compareWithBound(
  support: { readonly low: number; readonly high: number },
  subject: Subject,
  place: Place,
  context: ExpressionContext,
): void {
  const { name, bound } = subject;
  if (bound.simplex) return;
  const { report } = context.model;
  const text = report.text(place);
  const declared = bound.text === "" ? `\`${name}\` has no bound` : `\`${name} ${bound.text}\``;
  if (support.low < bound.lowerValue || support.high > bound.upperValue) {
    const outside =
      support.low < bound.lowerValue ? `${name} ≤ ${bound.lowerValue}` : `${name} ≥ ${bound.upperValue}`;
    report.error("PHX502", place, `prior \`${text}\` gives mass to ${outside} but ${declared}`, {
      hint: lawFor(bound),
    });
  } else if (support.low > bound.lowerValue || support.high < bound.upperValue) {
    const range = support.high === Infinity ? `${name} > ${support.low}` : `${support.low}..${support.high}`;
    report.error("PHX503", place, `prior \`${text}\` covers only ${range} but ${declared}`, {
      hint:
        support.high === Infinity ? `\`param ${name} > ${support.low}\`` : `\`param ${name} in ${range}\``,
    });
  }
}

function lawFor(bound: CheckedBound): string {
  if (bound.lowerValue === 0 && bound.upperValue === Infinity)
    return "use `half_normal`, `lognormal` or `gamma`";
  if (bound.lowerValue === 0 && bound.upperValue === 1) return "use `beta` or `uniform(0, 1)`";
  if (Number.isFinite(bound.lowerValue) && Number.isFinite(bound.upperValue)) {
    return `use \`uniform(${bound.lowerValue}, ${bound.upperValue})\``;
  }
  return "shift the parameter so that its bound is 0";
}
