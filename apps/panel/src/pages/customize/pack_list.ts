// What of all packs is shown, and under which heading. Pure functions.

import type { Pack, Scope, Updates } from './pack';

export const conditions = ['enabled', 'disabled', 'blocked', 'required', 'updates', 'errors'] as const;
export type Condition = (typeof conditions)[number];

export interface Filter {
  text: string;
  /** Every one of them must hold. */
  conditions: ReadonlySet<Condition>;
  /** '' is any. */
  category: string;
}

export interface Group {
  scope: Scope;
  title: string;
  /** All packs of that tier, filter or not. */
  total: number;
  packs: Pack[];
}

export function meets(pack: Pack, condition: Condition, updates: Updates): boolean {
  switch (condition) {
    case 'enabled':
      return pack.enabled;
    case 'disabled':
      return !pack.enabled && !pack.policyBlocked;
    case 'blocked':
      return pack.policyBlocked;
    case 'required':
      return pack.policyRequired;
    case 'updates':
      return updates.has(pack.name);
    case 'errors':
      return pack.state === 'error' || pack.state === 'quarantined' || pack.error !== undefined;
  }
}

function searchedTexts(pack: Pack): string[] {
  const texts = [pack.name, pack.alias, pack.displayName, pack.description, pack.category ?? ''];
  for (const skill of pack.skills) texts.push(skill.id, skill.name, skill.description);
  return texts;
}

const folded = (text: string): string => text.normalize('NFKC').toLocaleLowerCase();

/** Every word of the query stands somewhere in the pack. */
export function containsWords(pack: Pack, query: string): boolean {
  const words = folded(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const text = folded(searchedTexts(pack).join('\n'));
  return words.every((word) => text.includes(word));
}

/** The first skill that a word of the query was found in, when the pack's own texts don't hold all of them. */
export function foundSkill(pack: Pack, query: string): string | undefined {
  if (query.trim() === '' || containsWords({ ...pack, skills: [] }, query)) return undefined;
  const words = folded(query).split(/\s+/);
  return pack.skills.find((skill) => {
    const text = folded(`${skill.id}\n${skill.name}\n${skill.description}`);
    return words.some((word) => word !== '' && text.includes(word));
  })?.name;
}

export function isNarrowed(filter: Filter): boolean {
  return filter.text.trim() !== '' || filter.conditions.size > 0 || filter.category !== '';
}

export function isShown(pack: Pack, filter: Filter, updates: Updates): boolean {
  if (filter.category !== '' && pack.category !== filter.category) return false;
  for (const condition of filter.conditions) if (!meets(pack, condition, updates)) return false;
  return containsWords(pack, filter.text);
}

const titles: Record<Scope, string> = { builtin: 'Builtin', organization: 'Organization', user: 'Yours' };

/** In the order of the tiers; inside one by displayed name. */
export function grouped(packs: readonly Pack[], filter: Filter, updates: Updates): Group[] {
  const order = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  return (Object.keys(titles) as Scope[]).map((scope) => {
    const ofScope = packs.filter((pack) => pack.scope === scope);
    const shown = ofScope.filter((pack) => isShown(pack, filter, updates));
    shown.sort((a, b) => order.compare(a.displayName, b.displayName) || (a.name < b.name ? -1 : 1));
    return { scope, title: titles[scope], total: ofScope.length, packs: shown };
  });
}

export function categoriesOf(packs: readonly Pack[]): string[] {
  const found = new Set(packs.map((pack) => pack.category ?? '').filter((category) => category !== ''));
  return [...found].sort(new Intl.Collator().compare);
}
