// checkModel: from text to a checked model and everything that is wrong with it.
import type { Place } from "@phxlang/autodiff";
import { levels } from "../terms/kinds.ts";
import { IterationBudget } from "../terms/specialiser.ts";
import { TermFactory, TooManyTerms } from "../terms/term-factory.ts";
import { scalarShape } from "../terms/shape.ts";
import { resolveConstants } from "./constants.ts";
import type { ConstantValues } from "./constants.ts";
import { refuseShadowing } from "./binders.ts";
import type { ModelContext, Scope } from "./context.ts";
import { declare, ofKind } from "./declare.ts";
import type { Sourced } from "./declare.ts";
import { orderConstants } from "./dependencies.ts";
import { checkEpochs } from "./epochs.ts";
import { evaluateConstant } from "./evaluate.ts";
import { expandDef } from "./expansion.ts";
import { expectNumber } from "./expectations.ts";
import { checkExpression } from "./expressions.ts";
import { requireLevel } from "./level-rules.ts";
import type { CheckedCovariate, CheckedModel, StopCause, StopRule } from "./model.ts";
import { checkData, checkObserves } from "./observes.ts";
import { ParameterChecker } from "./parameters.ts";
import { placeOf, Reporter } from "./reporter.ts";
import { checkEvents, checkRewards, checkStarts, checkStops, contextIn } from "./rules.ts";
import { gatherSources } from "./sources.ts";
import type { Gathered, ReadFile } from "./sources.ts";
import { checkStates } from "./states.ts";
import { warnKinks, warnUnused } from "./unused.ts";

export interface CheckOptions {
  /** The name of the text in messages; default "model.phx". */
  readonly source?: string;
  /** Values that replace those of constants in the file. */
  readonly constants?: ConstantValues;
  /** How files that `use` names are read; without it, none can be. */
  readonly readFile?: ReadFile;
}

export interface CheckedText {
  readonly gathered: Gathered;
  readonly report: Reporter;
  /** Null if there are errors. */
  readonly model: CheckedModel | null;
}

export function checkModel(text: string, options: CheckOptions): CheckedText {
  const source = options.source ?? "model.phx";
  const gathered = gatherSources(text, source, options.readFile);
  const report = new Reporter(gathered.sources);
  for (const found of gathered.diagnostics) report.add(found);
  // What stands in a declaration with a syntax error is unknown: its names would be reported as undefined.
  if (report.hasErrors || gathered.file.header === null) return { gathered, report, model: null };
  try {
    const model = resolve(gathered, source, report, options.constants ?? {});
    return { gathered, report, model: report.hasErrors ? null : model };
  } catch (error) {
    if (!(error instanceof TooManyTerms)) throw error;
    report.error("PHX414", error.place, "the defs of the model expand to more than 2,000,000 expressions", {
      hint: "give values that are used often a name of their own",
    });
    return { gathered, report, model: null };
  }
}

function resolve(
  { file, declarations }: Gathered,
  source: string,
  report: Reporter,
  constants: ConstantValues,
): CheckedModel | null {
  const { header } = file;
  if (header === null) return null;
  const symbols = declare(declarations, report);
  const { order, circular } = orderConstants(declarations, symbols, report);
  const model: ModelContext = {
    symbols,
    report,
    terms: new TermFactory(),
    circular,
    expansions: new Map(),
    budget: new IterationBudget(),
    complete: false,
    check: checkExpression,
  };
  const place = placeOf(source, header);
  resolveConstants(model, declarations, order, constants);
  const states = checkStates(model, ofKind(declarations, "state"));
  const byName = new Map(states.map((state) => [state.name, state]));
  const parameterChecker = new ParameterChecker(model);
  const parameters = ofKind(declarations, "param").flatMap((one) => parameterChecker.check(one) ?? []);
  const { defaults } = parameterChecker;
  const covariates = checkCovariates(model, declarations, defaults.length);
  model.complete = true;
  const starts = checkStarts(model, declarations, byName, place);
  const stops = checkStops(model, declarations);
  const events = checkEvents(model, declarations, byName, header.discrete, place);
  const epochs = checkEpochs(model, declarations, byName, header.discrete, defaults);
  const rewards = checkRewards(model, declarations);
  const used = covariates.map((covariate) => ({
    ...covariate,
    used: (symbols.find(covariate.name)?.uses ?? 0) > 0,
  }));
  const data = checkData(model, declarations);
  const observable = { states: byName, stops, rewards, covariates: used };
  const observes = checkObserves(model, declarations, data, observable);
  if (!report.hasErrors) warnUnused(model, source);
  checkDefs(model);
  const rates = events.flatMap((event) => (event.rate === "rest" ? [] : [event.rate]));
  warnKinks(model, [...rates, ...starts.flatMap((start) => start.weight ?? [])]);
  return {
    name: header.name.name,
    place,
    kind: header.discrete ? "discrete" : "continuous",
    parameters,
    covariates: used,
    states,
    starts,
    stops,
    causes: causesOf(stops, place),
    events,
    epochs,
    rewards,
    data,
    observes,
  };
}

function causesOf(stops: readonly StopRule[], place: Place): readonly StopCause[] {
  const causes = new Map<string, StopCause>();
  for (const { name, place: where } of stops) if (!causes.has(name)) causes.set(name, { name, place: where });
  return stops.length === 0 ? [{ name: "", place }] : [...causes.values()];
}

/** Covariates follow the parameters in z. */
function checkCovariates(
  model: ModelContext,
  declarations: readonly Sourced[],
  parameterCount: number,
): readonly CheckedCovariate[] {
  return ofKind(declarations, "covariate").map(({ source, declaration }, i): CheckedCovariate => {
    const name = declaration.name.name;
    const what = `the value of the covariate \`${name}\``;
    const term = expectNumber(
      model,
      model.check(declaration.value, contextIn(model, source, levels.constant)),
    );
    const fits = requireLevel(model, term, levels.constant, what);
    const symbol = model.symbols.find(name);
    if (symbol?.type === "covariate") {
      symbol.array ??= {
        storage: "inputs",
        name,
        noun: "covariate",
        shape: scalarShape,
        offset: parameterCount + i,
        values: null,
      };
    }
    const defaultValue = fits ? evaluateConstant(model, term, what) : Number.NaN;
    return { name, place: placeOf(source, declaration.name), defaultValue, used: false };
  });
}

/** Names of arguments; and bodies of defs that nothing uses, with arguments of which nothing is known. */
function checkDefs(model: ModelContext): void {
  for (const def of model.symbols.ofType("def")) {
    const { source } = def.place;
    let scope: Scope | null = null;
    for (const parameter of def.declaration.parameters ?? []) {
      const context = contextIn(model, source, levels.parameter, scope);
      refuseShadowing(parameter.name, placeOf(source, parameter), context);
      scope = { name: parameter.name, read: (place) => model.terms.wrong(place), outer: scope };
    }
    if (model.expansions.has(def)) continue;
    const args = (def.declaration.parameters ?? []).map(() => model.terms.wrong(def.place));
    expandDef(def, args, def.place, contextIn(model, source, levels.parameter));
  }
}
