/** A browser opens six connections to a server, and one of them is the event stream. */
const AT_ONCE = 4;

/** Does the same with each item, a few at a time, and answers how each went, in their order. */
export async function inTurns<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const answers: PromiseSettledResult<R>[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    answers.push(...(await Promise.allSettled(items.slice(from, from + AT_ONCE).map(work))));
  }
  return answers;
}
