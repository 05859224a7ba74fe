import { useEffect, useState } from 'preact/hooks';
import { Badge, Button, Dialog, ErrorView, type Tone } from '../../components';
import { call, RpcError } from '../../rpc';
import { candidateOf, patchOf } from './changes';
import type { Editing } from './editing';
import { difference, fieldOf, type Value } from './fields';
import type { Snapshot, Values } from './snapshot';

interface Standing {
  blocked: boolean;
  required: boolean;
  reason?: string;
}

interface Simulation {
  packs: { name: string; scope: string; before: Standing; after: Standing; rule?: { name: string } }[];
  loosens: { what: string; before: unknown; after: unknown }[];
}

const namedPacks = 40;

interface Effect {
  title: string;
  tone: Tone;
  packs: string[];
}

function effectsOf({ packs }: Simulation, disabled: ReadonlySet<string>): Effect[] {
  const names = (test: (pack: Simulation['packs'][number]) => boolean) => packs.filter(test).map(({ name }) => name);
  const blocked = names(({ before, after }) => after.blocked && !before.blocked);
  const required = names(({ before, after }) => after.required && !before.required);
  const effects: Effect[] = [
    { title: 'Become blocked', tone: 'danger', packs: blocked },
    { title: 'Are disabled by that', tone: 'danger', packs: blocked.filter((name) => !disabled.has(name)) },
    { title: 'Become required', tone: 'info', packs: required },
    { title: 'Are enabled by that', tone: 'info', packs: required.filter((name) => disabled.has(name)) },
    { title: 'Are no longer blocked', tone: 'warning', packs: names(({ before, after }) => before.blocked && !after.blocked) },
    { title: 'Are no longer required', tone: 'warning', packs: names(({ before, after }) => before.required && !after.required) },
  ];
  return effects.filter((effect) => effect.packs.length > 0);
}

function wordOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(nothing)';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function simulate(snapshot: Snapshot, draft: Values): Promise<Simulation> {
  // The dry run says what saving would be refused for; the simulation what it would do.
  const update = [patchOf(snapshot, draft), { ifRevision: snapshot.revision }];
  return Promise.all([
    call<Simulation>('admin:simulate', [candidateOf(snapshot, draft)]),
    call('admin:policiesUpdate', update, { dryRun: true }),
  ]).then(([simulation]) => simulation);
}

function Difference({ before, after }: { before: Value; after: Value }) {
  const { gone, come } = difference(before, after);
  return (
    <span class="review-values">
      {gone && <del>{gone}</del>}
      {come && (
        <ins>
          <span aria-hidden="true">{Array.isArray(after) ? '+ ' : '→ '}</span>
          {come}
        </ins>
      )}
    </span>
  );
}

function Changes({ snapshot, draft, changed }: { snapshot: Snapshot; draft: Values; changed: string[] }) {
  return (
    <section>
      <h3>Changes to the policy</h3>
      <ul class="review-list">
        {changed.map((id) => (
          <li>
            <span>{fieldOf(id)!.label}</span>
            <Difference before={snapshot.values[id]!} after={draft[id]!} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Packs({ effects }: { effects: Effect[] }) {
  return (
    <section>
      <h3>Packs</h3>
      {effects.length === 0 && <p class="hint">No known pack is affected.</p>}
      <ul class="review-list">
        {effects.map(({ title, tone, packs }) => (
          <li>
            <span>
              {title} ({packs.length})
            </span>
            <span class="cluster">
              {packs.slice(0, namedPacks).map((name) => (
                <Badge tone={tone}>{name}</Badge>
              ))}
              {packs.length > namedPacks && <span class="hint">and {packs.length - namedPacks} more</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Loosened({ loosens }: { loosens: Simulation['loosens'] }) {
  return (
    <section>
      <h3>Loosened</h3>
      {loosens.length === 0 && <p class="hint">Nothing is loosened.</p>}
      <ul class="review-list">
        {loosens.slice(0, namedPacks).map(({ what, before, after }) => (
          <li>
            <span>{what}</span>
            <Difference before={wordOf(before)} after={wordOf(after)} />
          </li>
        ))}
        {loosens.length > namedPacks && <li>and {loosens.length - namedPacks} more</li>}
      </ul>
    </section>
  );
}

/** The effect of what is unsaved, by the host's own engine. */
export function Review({ editing, onSave, onClose }: { editing: Editing; onSave: () => void; onClose: () => void }) {
  const { draft, changed } = editing;
  const snapshot = editing.snapshot!;
  const [simulation, setSimulation] = useState<Simulation>();
  const [error, setError] = useState<RpcError>();
  useEffect(() => {
    let gone = false;
    setError(undefined);
    simulate(snapshot, draft).then(
      (result) => !gone && setSimulation(result),
      (fault) => !gone && setError(fault as RpcError),
    );
    return () => void (gone = true);
  }, [snapshot, draft]);
  return (
    <Dialog
      title="Review changes"
      wide
      readable
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button kind="primary" busy={editing.saving} disabled={!simulation || !!error} onClick={onSave}>
            Save Policies
          </Button>
        </>
      }
    >
      <Changes snapshot={snapshot} draft={draft} changed={changed} />
      {error && <ErrorView error={error} />}
      {!error && !simulation && <p role="status">Asking the host…</p>}
      {!error && simulation && (
        <>
          <Packs effects={effectsOf(simulation, snapshot.disabled)} />
          <Loosened loosens={simulation.loosens} />
        </>
      )}
    </Dialog>
  );
}
