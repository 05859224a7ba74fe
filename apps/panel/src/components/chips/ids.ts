export interface KnownId {
  id: string;
  /** What it is, beside the id in the completion. */
  hint?: string;
}

/** An entry that stands here and cannot be taken out, and where it comes from. */
export interface LockedChip {
  id: string;
  origin: string;
}

/** The ids of comma- or line-separated text. */
export function splitIds(text: string): string[] {
  return text
    .split(/[,\n\r\t]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function isList(text: string): boolean {
  return /[,\n\r\t]/.test(text);
}

/** The known ids that `text` may become: those that begin with it, then those that contain it. */
export function matching(known: readonly KnownId[], taken: ReadonlySet<string>, text: string): KnownId[] {
  const wanted = text.trim().toLowerCase();
  const begins = ({ id }: KnownId) => id.toLowerCase().startsWith(wanted);
  const contains = ({ id, hint = '' }: KnownId) => id.toLowerCase().includes(wanted) || hint.toLowerCase().includes(wanted);
  const free = known.filter(({ id }) => !taken.has(id));
  return [...free.filter(begins), ...free.filter((one) => !begins(one) && contains(one))];
}
