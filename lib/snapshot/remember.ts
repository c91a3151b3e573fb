import { isSame } from './same-value.ts';

/**
 * The function with its last result: made anew only when an argument is another object than the last
 * time. What has not changed keeps its identity, and costs a comparison.
 */
export function remember<Given extends readonly unknown[], Result>(
  make: (...given: Given) => Result,
): (...given: Given) => Result {
  let last: { readonly given: Given; readonly result: Result } | null = null;
  return (...given) => {
    const former = last;
    if (former?.given.length === given.length && given.every((each, i) => each === former.given[i]))
      return former.result;
    last = { given, result: make(...given) };
    return last.result;
  };
}

/** The same, and a result that says what the last one said is the last one. */
export function rememberSame<Given extends readonly unknown[], Result>(
  make: (...given: Given) => Result,
): (...given: Given) => Result {
  let last: { readonly result: Result } | null = null;
  return remember((...given) => {
    const result = make(...given);
    if (last === null || !isSame(last.result, result)) last = { result };
    return last.result;
  });
}

/** The same for a function of named parts. */
export function rememberParts<Parts extends object, Result>(
  make: (parts: Parts) => Result,
): (parts: Parts) => Result {
  let last: { readonly values: readonly unknown[]; readonly result: Result } | null = null;
  return (parts) => {
    const values = Object.values(parts);
    const former = last;
    if (former !== null && values.every((each, i) => each === former.values[i]))
      return former.result;
    last = { values, result: make(parts) };
    return last.result;
  };
}

/** Made when it is first asked for. */
export function lazily<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | null = null;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}
