// Printing of arrays as NumPy prints them: eight digits, columns aligned, the middle of long axes left out.
import type { DType, Elements } from "./array.ts";
import { isFloat, sizeOf } from "./array.ts";

const digits = 8;
const summarizeAbove = 1000;
const edgeItems = 3;
const lineWidth = 75;

/** The text of an array: `[[1.   0.5 ]\n [2.   0.25]]`. */
export function formatArray(elements: Elements, shape: readonly number[], dtype: DType): string {
  const size = sizeOf(shape);
  if (size === 0) return shape.length <= 1 ? "[]" : `[] (shape [${shape.join(", ")}])`;
  const summarize = size > summarizeAbove;
  const shown = shape.map((length) => visibleIndices(length, summarize));
  const flat = visibleFlat(shown, shape);
  const texts = formatElements(
    flat.map((index) => elements[index] ?? 0),
    dtype,
    shape.length === 0,
  );
  if (shape.length === 0) return texts[0] ?? "";
  return layOut(texts, shown, shape.length);
}

/** Indices shown along an axis; −1 marks the gap. */
function visibleIndices(length: number, summarize: boolean): number[] {
  const all = Array.from({ length }, (_, index) => index);
  if (!summarize || length <= 2 * edgeItems) return all;
  return [...all.slice(0, edgeItems), -1, ...all.slice(length - edgeItems)];
}

function visibleFlat(shown: readonly number[][], shape: readonly number[]): number[] {
  let flat = [0];
  shown.forEach((indices, axis) => {
    const length = shape[axis] ?? 0;
    flat = flat.flatMap((base) =>
      indices.filter((index) => index >= 0).map((index) => base * length + index),
    );
  });
  return flat;
}

function formatElements(values: readonly number[], dtype: DType, scalar: boolean): string[] {
  const texts = isFloat(dtype)
    ? formatFloats(values, dtype)
    : values.map((value) => (dtype === "bool" ? (value === 0 ? "False" : "True") : String(value)));
  if (scalar) return texts.map((text) => text.replace(/\.$/, ".0"));
  const width = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => text.padStart(width));
}

function formatFloats(values: readonly number[], dtype: DType): string[] {
  const finite = values.filter((value) => Number.isFinite(value));
  const magnitudes = finite.map(Math.abs).filter((value) => value !== 0);
  const largest = Math.max(...magnitudes, 0);
  const smallest = Math.min(...magnitudes, Infinity);
  const scientific =
    magnitudes.length > 0 && (largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000 * 1e8);
  const shortest = (value: number): number => (dtype === "f32" ? Number(value.toPrecision(8)) : value);
  if (scientific) {
    const parts = finite.map((value) => trimExponential(shortest(value)));
    const fraction = Math.max(...parts.map((part) => part.fraction));
    const exponentWidth = Math.max(2, ...parts.map((part) => part.exponentWidth));
    return values.map((value) =>
      Number.isFinite(value) ? exponential(shortest(value), fraction, exponentWidth) : nonFinite(value),
    );
  }
  const fraction = Math.max(0, ...finite.map((value) => fractionLength(shortest(value))));
  return values.map((value) => {
    if (!Number.isFinite(value)) return nonFinite(value);
    const text = shortest(value).toFixed(fraction);
    const dotted = fraction === 0 ? `${text}.` : text;
    const trimmed = dotted.replace(/0+$/, "");
    return trimmed + " ".repeat(dotted.length - trimmed.length);
  });
}

function fractionLength(value: number): number {
  const text = value.toFixed(digits).replace(/0+$/, "");
  return text.length - text.indexOf(".") - 1;
}

/** How many digits a number needs after the point and in the exponent. */
function trimExponential(value: number): { readonly fraction: number; readonly exponentWidth: number } {
  const [digitsPart = "0", exponent = "+0"] = value.toExponential(digits).split("e");
  const mantissa = digitsPart.replace(/0+$/, "");
  return {
    fraction: Math.max(0, mantissa.length - mantissa.indexOf(".") - 1),
    exponentWidth: exponent.length - 1,
  };
}

function exponential(value: number, fraction: number, exponentWidth: number): string {
  const [mantissa = "0", exponent = "+0"] = value.toExponential(fraction).split("e");
  const sign = exponent.startsWith("-") ? "-" : "+";
  return `${fraction === 0 ? `${mantissa}.` : mantissa}e${sign}${exponent.slice(1).padStart(exponentWidth, "0")}`;
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** Joins the visible elements with brackets, innermost axis first. */
function layOut(texts: readonly string[], shown: readonly number[][], rank: number): string {
  let items = texts.slice();
  for (let axis = rank - 1; axis >= 0; axis--) {
    const indices = shown[axis] ?? [];
    const perGroup = indices.filter((index) => index >= 0).length;
    const gap = indices.indexOf(-1);
    const next: string[] = [];
    for (let start = 0; start < items.length; start += perGroup) {
      const group = items.slice(start, start + perGroup);
      if (gap >= 0) group.splice(gap, 0, "...");
      next.push(axis === rank - 1 ? bracketRow(group, rank) : bracketBlock(group, axis, rank));
    }
    items = next;
  }
  return items[0] ?? "[]";
}

function bracketRow(items: readonly string[], rank: number): string {
  const lines: string[] = [];
  let line = "";
  for (const item of items) {
    if (line !== "" && line.length + 1 + item.length > lineWidth - rank) {
      lines.push(line);
      line = item;
    } else line = line === "" ? item : `${line} ${item}`;
  }
  lines.push(line);
  return `[${lines.join(`\n${" ".repeat(rank)}`)}]`;
}

function bracketBlock(items: readonly string[], axis: number, rank: number): string {
  const separator = "\n".repeat(rank - 1 - axis) + " ".repeat(axis + 1);
  return `[${items.join(separator)}]`;
}
