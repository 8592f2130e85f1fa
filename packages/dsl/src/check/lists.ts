// Values of list literals: rectangular, row-major.
import type { Expression, ListLiteral, ListOrExpression } from "../syntax/index.ts";

export interface Flattened {
  readonly sizes: readonly number[];
  /** Row-major. */
  readonly items: readonly Expression[];
  /** First part whose length or depth differs from its neighbours'; null where the list is rectangular. */
  readonly uneven: ListOrExpression | null;
}

/** A single expression has no sizes. */
export function flatten(value: ListOrExpression): Flattened {
  const sizes: number[] = [];
  let level: readonly ListOrExpression[] = [value];
  for (;;) {
    const lists = level.filter((item): item is ListLiteral => item.kind === "list");
    if (lists.length === 0) return { sizes, items: level as readonly Expression[], uneven: null };
    const size = lists[0].items.length;
    const uneven = level.find((item) => item.kind !== "list" || item.items.length !== size);
    if (uneven !== undefined) return { sizes, items: [], uneven };
    sizes.push(size);
    level = lists.flatMap((list) => list.items);
  }
}
