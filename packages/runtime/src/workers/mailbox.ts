// Mailbox: letters that have come and letters that are waited for.
import type { Letter } from "./letters.ts";

export class Mailbox {
  readonly #letters: Letter[] = [];
  #deliver: ((letter: Letter) => void) | null = null;

  receive(letter: Letter): void {
    const deliver = this.#deliver;
    this.#deliver = null;
    if (deliver === null) this.#letters.push(letter);
    else deliver(letter);
  }

  /** The next letter, in the order of coming. One reader at a time. */
  next(): Promise<Letter> {
    const letter = this.#letters.shift();
    if (letter !== undefined) return Promise.resolve(letter);
    return new Promise((resolve) => (this.#deliver = resolve));
  }
}
