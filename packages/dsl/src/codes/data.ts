// Codes 6xx: data.
import type { CodeExplanation } from "@phxlang/autodiff";

export const dataCodes: readonly CodeExplanation[] = [
  {
    code: "PHX601",
    severity: "error",
    title: "data that cannot be read",
    explanation:
      "The file of a `data` declaration was not found, may not be read, or is not a table with a header. Its path is relative to the model's file.",
    repair: "Correct the path, or give another file: `--data NAME=PATH`.",
  },
  {
    code: "PHX602",
    severity: "error",
    title: "a column that the data do not have",
    explanation:
      "In `observe` a name that is no constant, def or enum value is a column of the data. Columns with other characters stand in backticks.",
    repair: "Correct the name; the message lists the columns.",
  },
  {
    code: "PHX603",
    severity: "error",
    title: "a cell without the value that is needed",
    explanation:
      "A cell is empty, `NA`, or a text where a number or yes/no is needed. Rows are never left out silently.",
    repair: 'Correct the row, or leave such rows out: `observe data when column != "NA": …`.',
  },
  {
    code: "PHX604",
    severity: "error",
    title: "a negative time",
    explanation: "Times count from the start of the model at 0.",
    repair: "Correct the row, or the origin of the times.",
  },
  {
    code: "PHX605",
    severity: "error",
    title: "a value that the model does not know",
    explanation:
      "A cause or state in the data is none of those that the model declares, or a whole number is outside the range of its state. Enum values match by text, or by position counting from 1.",
    repair: "Correct the row, or declare the value.",
  },
  {
    code: "PHX607",
    severity: "error",
    title: "rows of one id that are not in time order",
    explanation: "The rows of each id describe one path; they follow each other in time.",
    repair: "Sort the rows by id and time.",
  },
  {
    code: "PHX608",
    severity: "error",
    title: "a time that is not a whole number of steps",
    explanation: "The model is discrete: its time counts steps.",
    repair: "Count steps, or use a continuous model.",
  },
  {
    code: "PHX609",
    severity: "error",
    title: "causes in the data, none in the model",
    explanation:
      "`stop = column` says with which cause a row stopped, but the stops of the model have no names to match.",
    repair: "Name the stops: `stop ruined when money == 0`.",
  },
  {
    code: "PHX610",
    severity: "warning",
    title: "data without a single event",
    explanation: "Every row is censored: the data only say that the times are long.",
    repair: "Look at the `censored when` condition.",
  },
  {
    code: "PHX611",
    severity: "error",
    title: "a covariate without a value",
    explanation:
      "The model reads a covariate and this `observe` does not say which value the rows have. The covariate's own value is for use without data.",
    repair: "Add `with NAME = …`.",
  },
  {
    code: "PHX612",
    severity: "error",
    title: "a covariate that is not a number",
    explanation: "Covariates are numbers; texts are turned into numbers by a comparison.",
    repair: 'Write `with treated = (if group == "drug" then 1 else 0)`.',
  },
  {
    code: "PHX613",
    severity: "error",
    title: "`with` of something that is no covariate",
    explanation: "Rows give values to covariates only; parameters are the same for all rows.",
    repair: "Declare a covariate: `covariate NAME = 0`.",
  },
  {
    code: "PHX614",
    severity: "error",
    title: "no row is left",
    explanation: "The `when` of an `observe` leaves out every row of its data.",
    repair: "Correct the condition.",
  },
];
