import { Chips, LockIcon, Switch } from '../../components';
import type { Field, Value } from './fields';
import type { Imposed, Snapshot } from './snapshot';

interface FieldProps {
  field: Field;
  value: Value;
  imposed: Imposed | undefined;
  changed: boolean;
  /** The whole page is read-only: a layer has to be repaired first. */
  frozen: boolean;
  error: string | undefined;
  onChange: (value: Value) => void;
  /** The field lost the focus. */
  onLeave: () => void;
}

function Notes({ id, field, imposed, error }: { id: string; field: Field; imposed: Imposed | undefined; error: string | undefined }) {
  return (
    <div id={`${id}-notes`}>
      {error && <p class="field-error">{error}</p>}
      {imposed && (
        <p class="field-lock">
          <LockIcon /> {imposedText(field, imposed)}
        </p>
      )}
    </div>
  );
}

function imposedText(field: Field, imposed: Imposed): string {
  if (field.kind !== 'number') return `Locked: ${imposed.origin}`;
  const bound = field.id === 'agents.maxConcurrentAgents' ? 'At most' : 'At least';
  return `${bound} ${imposed.bound}: ${imposed.origin}`;
}

const describedBy = (id: string, field: Field) => (field.hint ? `${id}-hint ${id}-notes` : `${id}-notes`);

function InputField({ field, value, imposed, changed, frozen, error, onChange, onLeave }: FieldProps) {
  const id = `policy-${field.id.replace('.', '-')}`;
  const locked = frozen || imposed?.locked === true;
  return (
    <div class={`field ${changed ? 'field-changed' : ''}`}>
      <label class="field-label" for={id}>
        {field.label}
      </label>
      {field.hint && (
        <p class="hint" id={`${id}-hint`}>
          {field.hint}
        </p>
      )}
      <input
        id={id}
        class={`input ${field.kind === 'number' ? 'input-number' : ''}`}
        inputMode={field.kind === 'number' ? 'numeric' : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder={locked ? undefined : field.placeholder}
        value={String(value)}
        readOnly={locked}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, field)}
        onInput={(event) => onChange(event.currentTarget.value)}
        onBlur={({ relatedTarget }) => {
          // A message that came between pressing and letting go would take Save or Reset away from under the pointer.
          if (!(relatedTarget as Element | null)?.closest('.unsaved')) onLeave();
        }}
      />
      <Notes id={id} field={field} imposed={imposed} error={error} />
    </div>
  );
}

function SwitchField({ field, value, imposed, changed, frozen, error, onChange }: FieldProps) {
  const id = `policy-${field.id.replace('.', '-')}`;
  return (
    <div class={`row ${changed ? 'field-changed' : ''}`}>
      <div class="row-text">
        <label class="field-label" id={`${id}-label`} for={id}>
          {field.label}
        </label>
        {field.hint && (
          <p class="hint" id={`${id}-hint`}>
            {field.hint}
          </p>
        )}
        <Notes id={id} field={field} imposed={imposed} error={error} />
      </div>
      <Switch
        id={id}
        labelledBy={`${id}-label`}
        describedBy={describedBy(id, field)}
        checked={value === true}
        locked={frozen || imposed?.locked === true}
        onChange={onChange}
      />
    </div>
  );
}

/** Of manifests; what breaks it can name no pack, ever. */
const packName = /^[a-z0-9][a-z0-9_-]{0,127}$/;

function IdsField({ field, value, imposed, changed, frozen, error, onChange, snapshot }: FieldProps & { snapshot: Snapshot }) {
  const connectors = field.id === 'connectors.blocked';
  // A whitelist can be narrowed below another, so the entries above are no entries of this one.
  const within = field.id === 'packs.allowed' ? imposed : undefined;
  const known = connectors ? snapshot.connectors : field.id === 'packs.blocked' ? snapshot.packs : snapshot.grantable;
  return (
    <Chips
      id={`policy-${field.id.replace('.', '-')}`}
      label={field.label}
      hint={field.hint}
      placeholder={within ? 'All of these' : field.placeholder}
      values={value as string[]}
      locked={within ? undefined : imposed?.ids}
      note={within && `Within ${within.ids.map(({ id }) => id).join(', ')}: ${within.origin}`}
      readOnly={frozen}
      known={known}
      noun={connectors ? 'connector' : 'pack'}
      rule={connectors ? undefined : packName}
      error={error}
      changed={changed}
      onChange={onChange}
    />
  );
}

export function FieldView(props: FieldProps & { snapshot: Snapshot }) {
  if (props.field.kind === 'ids') return <IdsField {...props} />;
  return props.field.kind === 'switch' ? <SwitchField {...props} /> : <InputField {...props} />;
}
