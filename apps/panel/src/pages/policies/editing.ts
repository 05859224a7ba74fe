// What is unsaved on the page. It outlives the page's view: going to Customize and back loses nothing.
import { useEffect, useState } from 'preact/hooks';
import { call, RpcError } from '../../rpc';
import { changedFields, combined, draftErrors, patchOf, rebase, type Contest } from './changes';
import { fieldAt, type Value } from './fields';
import { loadSnapshot, type Snapshot, type Values } from './snapshot';

export interface Editing {
  snapshot: Snapshot | undefined;
  draft: Values;
  changed: string[];
  /** Fields of others that came in while something was unsaved. */
  taken: string[];
  contests: Contest[];
  saving: boolean;
  /** What the host said to the last attempt to save, and the field it is about. */
  refusal: RpcError | undefined;
  refusedField: string | undefined;
  /** What is wrong in the draft, by field. */
  errors: Record<string, string>;
}

const nothing: Editing = {
  snapshot: undefined,
  draft: {},
  changed: [],
  taken: [],
  contests: [],
  saving: false,
  refusal: undefined,
  refusedField: undefined,
  errors: {},
};
let state = nothing;
const listeners = new Set<() => void>();

function change(part: Partial<Editing>): void {
  state = { ...state, ...part };
  if (state.snapshot) state.changed = changedFields(state.snapshot.values, state.draft);
  for (const listener of [...listeners]) listener();
}

export function useEditing(): Editing {
  const [shown, setShown] = useState(state);
  useEffect(() => {
    const changed = () => setShown(state);
    changed();
    listeners.add(changed);
    return () => void listeners.delete(changed);
  }, []);
  return shown;
}

/** Takes the newest state of the host in: shown where nothing is unsaved, compared where something is. */
export function adopt(snapshot: Snapshot): void {
  const before = state.snapshot;
  if (before && snapshot.order < before.order) return;
  if (!before || state.changed.length === 0) {
    change({ snapshot, draft: snapshot.values, contests: [], errors: {} });
    return;
  }
  const { draft, taken, contests } = rebase(before.values, state.draft, snapshot.values);
  const earlier = state.contests.filter(({ id }) => !contests.some((contest) => contest.id === id));
  const fresh = contests.map((contest) => {
    // Of several changes in a row, ours is compared with the one it was made on.
    const first = state.contests.find(({ id }) => id === contest.id);
    return first ? { ...contest, before: first.before } : contest;
  });
  change({
    snapshot,
    draft,
    taken: [...new Set([...state.taken, ...taken])],
    contests: [...earlier, ...fresh].filter(({ id }) => changedFields(snapshot.values, draft).includes(id)),
  });
}

export function edit(id: string, value: Value): void {
  const errors = { ...state.errors };
  delete errors[id];
  const refused = state.refusedField === id ? { refusal: undefined, refusedField: undefined } : {};
  change({ draft: { ...state.draft, [id]: value }, errors, ...refused });
}

export async function reset(): Promise<void> {
  const snapshot = await loadSnapshot();
  change({ ...nothing, snapshot, draft: snapshot.values });
}

export type Choice = 'theirs' | 'mine' | 'both';

/** What `choice` would leave in the field. */
export function outcome(contest: Contest, choice: Choice, ours: Value): Value | undefined {
  if (choice === 'theirs') return contest.theirs;
  return choice === 'mine' ? ours : combined(contest, ours);
}

export function settle(contest: Contest, choice: Choice): void {
  const value = outcome(contest, choice, state.draft[contest.id]!)!;
  change({
    draft: { ...state.draft, [contest.id]: value },
    contests: state.contests.filter(({ id }) => id !== contest.id),
  });
}

export function acknowledgeTaken(): void {
  change({ taken: [] });
}

/** Says what is wrong with one field, once it was left. */
export function checkField(id: string): void {
  const { [id]: error } = draftErrors(state.draft);
  if (error !== undefined) change({ errors: { ...state.errors, [id]: error } });
}

/** Whether what is typed can be sent; shows what is wrong otherwise. */
export function checkDraft(): boolean {
  const errors = draftErrors(state.draft);
  change({ errors });
  return Object.keys(errors).length === 0;
}

function fieldOfRefusal(error: RpcError): string | undefined {
  const rule = error.data['rule'] as { pointer?: string } | undefined;
  return fieldAt(error.place?.pointer ?? rule?.pointer)?.id;
}

export function refuse(error: RpcError): void {
  change({ refusal: error, refusedField: fieldOfRefusal(error) });
}

/** Whether it was saved. What the host says against it is in the state then. */
export async function save(onWarnings: (warnings: string[]) => void): Promise<boolean> {
  const { snapshot, draft: sent } = state;
  if (!snapshot || state.saving || state.contests.length > 0 || !checkDraft()) return false;
  change({ saving: true, refusal: undefined, refusedField: undefined });
  try {
    await call('admin:policiesUpdate', [patchOf(snapshot, sent), { ifRevision: snapshot.revision }], { onWarnings });
    const saved = await loadSnapshot();
    // What was typed while it was under way, up to this moment, stays unsaved.
    const draft = { ...saved.values };
    for (const id of changedFields(sent, state.draft)) draft[id] = state.draft[id]!;
    change({ snapshot: saved, draft, taken: [], contests: [], saving: false });
    return true;
  } catch (fault) {
    const error = fault as RpcError;
    refuse(error);
    if (error.code === 'conflict') adopt(await loadSnapshot().catch(() => snapshot));
    return false;
  } finally {
    change({ saving: false });
  }
}

/** Replaces a file that cannot be read by the last good one, or by one that says nothing. */
export async function repair(startFrom: 'last-good' | 'defaults'): Promise<void> {
  await call('admin:policiesUpdate', [{}, { startFrom }]);
  adopt(await loadSnapshot());
}
