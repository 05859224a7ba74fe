import { useMemo, useRef } from 'preact/hooks';
import { ChipList } from './chips/chip_list';
import { ChipNotes } from './chips/chip_notes';
import { IdInput } from './chips/id_input';
import type { KnownId, LockedChip } from './chips/ids';

export type { KnownId, LockedChip } from './chips/ids';

interface ChipsProps {
  id: string;
  label: string;
  hint?: string;
  placeholder?: string;
  values: readonly string[];
  locked?: readonly LockedChip[];
  /** What limits the choice from outside. */
  note?: string | undefined;
  known: readonly KnownId[];
  /** What an id names, as in "no known pack". */
  noun: string;
  /** What every such id keeps to. */
  rule?: RegExp | undefined;
  error?: string | undefined;
  changed?: boolean;
  readOnly?: boolean;
  onChange: (values: string[]) => void;
}

const none: readonly LockedChip[] = [];

/** The ids that are shown and known, as sets: both may be long. */
function useSets({ values, known, locked = none, rule }: ChipsProps) {
  return useMemo(() => {
    const lockedIds = new Set(locked.map(({ id }) => id));
    const knownIds = known.map(({ id }) => id);
    const isKnown = new Set(knownIds);
    const isUnknown = (id: string) => !isKnown.has(id) && (knownIds.length > 0 || rule?.test(id) === false);
    return {
      lockedIds,
      knownIds,
      taken: new Set([...values, ...lockedIds]),
      shown: values.filter((value) => !lockedIds.has(value)),
      unknown: values.filter(isUnknown),
    };
  }, [values, known, locked, rule]);
}

/** A set of ids, edited as chips: Enter or a comma adds, Backspace takes the last, pasted lists are taken apart. */
export function Chips(props: ChipsProps) {
  const { id, label, hint, values, locked = none, readOnly = false, error, onChange } = props;
  const root = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const { taken, shown, knownIds, unknown } = useSets(props);

  const add = (ids: string[]) => {
    const fresh = [...new Set(ids)].filter((one) => !taken.has(one));
    if (fresh.length > 0) onChange([...values, ...fresh]);
  };
  const remove = (value: string) => onChange(values.filter((other) => other !== value));
  const removeAt = (value: string, position: number) => {
    remove(value);
    // The focus goes to the chip that stands there now.
    requestAnimationFrame(() => {
      const buttons = root.current?.querySelectorAll<HTMLElement>('.chip button');
      (buttons?.[Math.min(position, buttons.length - 1)] ?? input.current)?.focus();
    });
  };
  const replace = (value: string, by: string) => onChange([...new Set(values.map((other) => (other === value ? by : other)))]);

  return (
    <div class={`field ${props.changed ? 'field-changed' : ''}`} ref={root}>
      <label class="field-label" for={id}>
        {label}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div
        class={`chips ${error ? 'invalid' : ''} ${readOnly ? 'chips-readonly' : ''}`}
        onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
      >
        <ChipList label={label} values={shown} locked={locked} unknown={new Set(unknown)} readOnly={readOnly} onRemove={removeAt} />
        <IdInput
          id={id}
          label={label}
          describedBy={`${hint ? `${id}-hint ` : ''}${id}-notes`}
          placeholder={!readOnly && taken.size === 0 ? props.placeholder : undefined}
          invalid={!!error}
          readOnly={readOnly}
          known={props.known}
          taken={taken}
          input={input}
          onAdd={add}
          onRemoveLast={() => shown.length > 0 && remove(shown[shown.length - 1]!)}
        />
      </div>
      <ChipNotes
        id={id}
        noun={props.noun}
        rule={props.rule}
        error={error}
        note={props.note}
        locked={locked}
        unknown={unknown}
        known={knownIds}
        readOnly={readOnly}
        onReplace={replace}
      />
    </div>
  );
}
