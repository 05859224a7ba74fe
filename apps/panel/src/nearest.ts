/** Edits (insert, delete, replace, swap of neighbours) that turn `from` into `to`; `limit + 1` where it takes more. */
function distance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let best = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, before[column - 2]! + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[to.length]!;
}

/** The known id that was probably meant by `id`, or undefined where none is close. */
export function nearest(id: string, known: readonly string[]): string | undefined {
  const lower = id.toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(id.length / 3)) + 1;
  for (const candidate of known) {
    const needed = distance(lower, candidate.toLowerCase(), least - 1);
    if (needed >= least) continue;
    least = needed;
    best = candidate;
  }
  return best ?? known.find((candidate) => lower.length > 2 && candidate.toLowerCase().startsWith(lower));
}
