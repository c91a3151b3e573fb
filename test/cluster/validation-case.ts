import type { Json } from '#lib/model/json.ts';

/** A spec at the edge of what a kind may say. */

export interface ValidationCase {
  readonly says: string;
  readonly spec: Json;
  readonly name?: string;
  /**
   * Where the two may not agree: what the API server stores all the same, or the standard channel of a
   * definition does not have yet.
   */
  readonly differs?: string;
}

/** A case for each of some values of one field, told by `prefix` and the value. */
export function named(
  prefix: string,
  values: readonly Json[],
  make: (value: Json) => Json,
  differs?: string,
): readonly ValidationCase[] {
  return values.map(
    (value): ValidationCase => ({
      says: `${prefix} ${JSON.stringify(value)}`,
      spec: make(value),
      ...(differs === undefined ? {} : { differs }),
    }),
  );
}
