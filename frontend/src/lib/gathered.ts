/**
 * A question about one thing that is asked for many at once.
 *
 * What is asked within `pause` milliseconds goes together, at most `most` of them.
 */
export function gathered<V>(
  askMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  { pause, most }: { pause: number; most: number },
): (key: string) => Promise<V | null> {
  let waiting: string[] = [];
  let answer: Promise<ReadonlyMap<string, V>> | null = null;

  return async (key) => {
    if (!answer || waiting.length >= most) {
      const keys: string[] = [];
      waiting = keys;
      const mine = new Promise((later) => setTimeout(later, pause)).then(() => {
        if (answer === mine) answer = null;
        return askMany(keys);
      });
      answer = mine;
    }
    waiting.push(key);
    return (await answer).get(key) ?? null;
  };
}
