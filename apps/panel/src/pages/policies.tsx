// Admin Policies: the fields of the user layer, what the machine layer imposes on them, and what is unsaved.
import { useEffect } from 'preact/hooks';
import { Banner, ErrorView } from '../components';
import { useLive } from '../live';
import type { RpcError } from '../rpc';
import { Comparison } from './policies/comparison';
import { adopt, checkField, edit, useEditing, type Editing } from './policies/editing';
import { FieldView } from './policies/field_view';
import { fields, sections } from './policies/fields';
import { isUsable, LayerBanners } from './policies/layer_banner';
import { loadSnapshot } from './policies/snapshot';
import { UnsavedBar } from './policies/unsaved_bar';
import './policies.css';

const events = ['policy-changed', 'catalog-changed', 'pack-state-changed'] as const;

function Sections({ editing, frozen }: { editing: Editing; frozen: boolean }) {
  const snapshot = editing.snapshot!;
  return (
    <>
      {sections.map((section, position) => (
        <section class="card policy-section" aria-labelledby={`policy-section-${position}`}>
          <h2 id={`policy-section-${position}`}>{section}</h2>
          <div class={section === 'Agent Policies' ? 'columns' : 'stack'}>
            {fields
              .filter((field) => field.section === section)
              .map((field) => (
                <FieldView
                  key={field.id}
                  field={field}
                  value={editing.draft[field.id]!}
                  imposed={snapshot.imposed[field.id]}
                  changed={editing.changed.includes(field.id)}
                  frozen={frozen}
                  error={editing.errors[field.id] ?? (editing.refusedField === field.id ? editing.refusal?.message : undefined)}
                  snapshot={snapshot}
                  onChange={(value) => edit(field.id, value)}
                  onLeave={() => checkField(field.id)}
                />
              ))}
          </div>
        </section>
      ))}
    </>
  );
}

function Refusal({ error }: { error: RpcError }) {
  // A place in the document that was never written helps nobody; the field is marked.
  const why = error.why?.includes('<candidate>') ? undefined : error.why;
  return (
    <Banner tone="danger" role="alert" title={error.message}>
      {why && <p>{why}</p>}
      <p>Nothing was saved.</p>
    </Banner>
  );
}

function useLeaveWarning(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [unsaved]);
}

export function PoliciesPage() {
  const live = useLive(loadSnapshot, events);
  const editing = useEditing();
  useEffect(() => {
    if (live.data) adopt(live.data);
  }, [live.data]);
  useLeaveWarning(editing.changed.length > 0);
  const { snapshot, refusal } = editing;
  const frozen = snapshot !== undefined && !(isUsable(snapshot.user) && snapshot.machine.state !== 'broken');
  return (
    <div class="policies">
      <header class="page-head">
        <h1>Admin Policies</h1>
        <p class="lead">What packs, connectors, agents and installations may do on this host. In force at once when saved.</p>
      </header>
      <div class="stack">
        {live.error && <ErrorView error={live.error} onRetry={() => void live.reload()} />}
        {snapshot && <LayerBanners snapshot={snapshot} />}
        <Comparison editing={editing} />
        {refusal && <Refusal error={refusal} />}
        {snapshot && <Sections editing={editing} frozen={frozen} />}
        {!snapshot && !live.error && <p role="status">Loading…</p>}
        {snapshot && (
          <p class="hint">
            Saved in <code>{snapshot.user.path}</code>
          </p>
        )}
      </div>
      <UnsavedBar editing={editing} frozen={frozen} />
    </div>
  );
}
