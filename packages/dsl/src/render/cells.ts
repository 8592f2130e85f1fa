// What a text looks like on a terminal: tabs, wide and zero-width characters, controls.

const zeroWidth = /^[\p{Mn}\p{Me}]$/u;
const unprintable = /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;
const tabWidth = 4;

/** A line as it is shown, with the column at which each unit of the original text begins. */
export interface ShownLine {
  readonly shown: string;
  /** Length of the original text + 1; entry i is the terminal column (from 0) of unit i. */
  readonly columns: readonly number[];
}

/** Expands tabs to multiples of four columns and makes controls visible, so that nothing moves the cursor. */
export function showLine(text: string): ShownLine {
  const columns: number[] = [];
  let shown = "";
  let column = 0;
  for (const character of text) {
    for (let unit = 0; unit < character.length; unit++) columns.push(column);
    if (character === "\t") {
      const width = tabWidth - (column % tabWidth);
      shown += " ".repeat(width);
      column += width;
    } else if (unprintable.test(character)) {
      shown += visible(character);
      column += 1;
    } else {
      shown += character;
      if (wide.test(character)) column += 2;
      else if (!zeroWidth.test(character)) column += 1;
    }
  }
  columns.push(column);
  return { shown, columns };
}

/** A message with controls made visible; line breaks stay. */
export function printable(text: string): string {
  let result = "";
  for (const character of text) {
    result += character !== "\n" && unprintable.test(character) ? visible(character) : character;
  }
  return result;
}

/** Control pictures for the ASCII controls, the replacement character for the rest. */
function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 32) return String.fromCodePoint(0x2400 + code);
  return code === 127 ? "\u2421" : "\ufffd";
}
