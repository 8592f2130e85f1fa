// Texts whose numbers may differ in their last digits, as they do when an algorithm changes the order of its sums.

const numeral = /-?\d+\.\d{12,}(?:e-?\d+)?/g;

/** The text with every long number rounded to 11 significant digits. Short numbers must agree as they stand. */
export function roundedText(text: string): string {
  return text.replace(numeral, (number) => String(Number(Number(number).toPrecision(11))));
}
