// From what the fields show to what is sent, and back when somebody else was quicker. Pure.
import { fields, pathOf, sameValue, type Value } from './fields';
import type { Document, Imposed, Snapshot, Values } from './snapshot';

/** Ids of the fields whose values differ, in the order of the page. */
export function changedFields(before: Values, after: Values): string[] {
  return fields.map(({ id }) => id).filter((id) => !sameValue(before[id]!, after[id]!));
}

function wireValue(id: string, value: Value, imposed: Imposed | undefined): unknown {
  if (Array.isArray(value)) {
    // A whitelist of one's own under another one ends by being taken out: empty, it would allow all.
    if (id === 'packs.allowed') return imposed && value.length === 0 ? null : value;
    return [...(imposed?.ids.map((locked) => locked.id) ?? []), ...value];
  }
  if (id.startsWith('agents.') && typeof value === 'string') return Number(value);
  return value === '' ? null : value;
}

/** The update of exactly what changed. */
export function patchOf(snapshot: Snapshot, draft: Values): Record<string, Record<string, unknown>> {
  const patch: Record<string, Record<string, unknown>> = {};
  for (const id of changedFields(snapshot.values, draft)) {
    const [section, member] = pathOf(id);
    (patch[section] ??= {})[member] = wireValue(id, draft[id]!, snapshot.imposed[id]);
  }
  return patch;
}

/** The user layer as it would be written. */
export function candidateOf(snapshot: Snapshot, draft: Values): Document {
  const candidate = structuredClone(snapshot.document);
  for (const id of changedFields(snapshot.values, draft)) {
    const [section, member] = pathOf(id);
    const value = draft[id]!;
    const own = Array.isArray(value) ? value : wireValue(id, value, undefined);
    const members = (candidate[section] ??= {});
    if (own === null) delete members[member];
    else members[member] = own;
  }
  return candidate;
}

const isNumber = (text: string) => /^\d+(\.\d+)?$/.test(text);

/** What a field of text has to be, as the host would say it; a text when it is not. */
const demands: Record<string, (text: string) => string | undefined> = {
  'agents.maxHeartbeatFrequencySec': (text) => (isNumber(text) && Number(text) >= 60 ? undefined : 'a number of at least 60'),
  'agents.maxConcurrentAgents': (text) =>
    isNumber(text) && Number.isInteger(Number(text)) && Number(text) >= 1 ? undefined : 'a whole number of at least 1',
  'general.orgPluginDir': (text) => {
    if (text !== '' && !text.startsWith('/')) return 'an absolute path, such as /opt/acme/cowork-plugins';
    return text.split('/').includes('..') ? 'a path without ".."' : undefined;
  },
};

/** What is wrong before the host is asked, by field. */
export function draftErrors(draft: Values): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { id, kind, label } of fields) {
    const text = String(draft[id]);
    // The spaces around a number are not sent.
    const demand = demands[id]?.(kind === 'number' ? text.trim() : text);
    if (demand !== undefined) errors[id] = `${label} must be ${demand}`;
  }
  return errors;
}

/** A field that both sides changed. */
export interface Contest {
  id: string;
  before: Value;
  theirs: Value;
}

export interface Rebased {
  draft: Values;
  /** Fields that only the others changed: the draft has their values. */
  taken: string[];
  /** Fields that both changed, differently: the draft keeps ours until somebody chooses. */
  contests: Contest[];
}

/** A draft that was made on `before`, carried over to `after`. Nothing of either side is lost. */
export function rebase(before: Values, draft: Values, after: Values): Rebased {
  const carried = { ...draft };
  const taken: string[] = [];
  const contests: Contest[] = [];
  for (const id of changedFields(before, after)) {
    if (sameValue(before[id]!, draft[id]!)) {
      carried[id] = after[id]!;
      taken.push(id);
    } else if (!sameValue(draft[id]!, after[id]!)) {
      contests.push({ id, before: before[id]!, theirs: after[id]! });
    }
  }
  return { draft: carried, taken, contests };
}

/** What both sides added, without what either took out. */
export function combined(contest: Contest, ours: Value): Value | undefined {
  const { before, theirs } = contest;
  if (!Array.isArray(before) || !Array.isArray(theirs) || !Array.isArray(ours)) return undefined;
  const [old, mine] = [new Set(before), new Set(ours)];
  const stays = theirs.filter((id) => mine.has(id) || !old.has(id));
  const kept = new Set(stays);
  return [...stays, ...ours.filter((id) => !old.has(id) && !kept.has(id))];
}
