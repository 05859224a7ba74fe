import { useId, useRef, useState } from 'preact/hooks';
import { nearest } from '../nearest';
import { Button } from './button';
import { LockIcon } from './lock_icon';

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
  error?: string | undefined;
  changed?: boolean;
  readOnly?: boolean;
  onChange: (values: string[]) => void;
}

const shownOptions = 8;

/** The ids of comma- or line-separated text. */
export function splitIds(text: string): string[] {
  return text
    .split(/[,\n\r\t]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function matching(known: readonly KnownId[], taken: ReadonlySet<string>, text: string): KnownId[] {
  const wanted = text.trim().toLowerCase();
  const free = known.filter(({ id }) => !taken.has(id));
  const starts = free.filter(({ id }) => id.toLowerCase().startsWith(wanted));
  const contains = free.filter(
    ({ id, hint }) =>
      !id.toLowerCase().startsWith(wanted) &&
      (id.toLowerCase().includes(wanted) || (hint ?? '').toLowerCase().includes(wanted)),
  );
  return [...starts, ...contains];
}

function Unknown(props: { id: string; noun: string; known: readonly string[]; readOnly: boolean; onUse: (id: string) => void }) {
  const meant = nearest(props.id, props.known);
  return (
    <li class="field-warning">
      <span>
        “{props.id}” matches no known {props.noun}
        {meant === undefined ? '.' : `; nearest: ${props.readOnly ? meant : ''}`}
      </span>
      {meant !== undefined && !props.readOnly && (
        <Button kind="quiet" class="button-inline" aria-label={`Replace ${props.id} by ${meant}`} onClick={() => props.onUse(meant)}>
          {meant}
        </Button>
      )}
    </li>
  );
}

/** A set of ids, edited as chips: Enter or a comma adds, Backspace takes the last, pasted lists are taken apart. */
export function Chips(props: ChipsProps) {
  const { values, known, onChange, readOnly = false } = props;
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const root = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const locked = props.locked ?? [];
  const lockedIds = new Set(locked.map(({ id }) => id));
  const shown = values.filter((value) => !lockedIds.has(value));
  const options = matching(known, new Set([...values, ...lockedIds]), text);
  const visible = options.slice(0, shownOptions);
  const knownIds = known.map(({ id }) => id);
  const unknown = knownIds.length === 0 ? [] : values.filter((value) => !knownIds.includes(value));
  const expanded = open && !readOnly && visible.length > 0;

  const add = (ids: string[]) => {
    const fresh = [...new Set(ids)].filter((id) => !values.includes(id) && !lockedIds.has(id));
    if (fresh.length > 0) onChange([...values, ...fresh]);
    setText('');
    setActive(-1);
    // Not to stand over the notes below; typing or an arrow opens it again.
    setOpen(false);
  };
  const remove = (value: string, position: number) => {
    onChange(values.filter((other) => other !== value));
    requestAnimationFrame(() => {
      const buttons = root.current?.querySelectorAll<HTMLElement>('.chip button');
      (buttons?.[Math.min(position, buttons.length - 1)] ?? input.current)?.focus();
    });
  };
  const move = (step: number) => {
    if (!expanded) return setOpen(true);
    setActive((active + step + visible.length + (active < 0 && step < 0 ? 1 : 0)) % visible.length);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || readOnly) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const chosen = expanded ? visible[active] : undefined;
      add(chosen ? [chosen.id] : splitIds(text));
    } else if (event.key === ',') {
      event.preventDefault();
      add(splitIds(text));
    } else if (event.key === 'Escape' && expanded) {
      event.preventDefault();
      setOpen(false);
      setActive(-1);
    } else if (event.key === 'Backspace' && text === '' && shown.length > 0) {
      onChange(values.filter((other) => other !== shown[shown.length - 1]));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData?.getData('text') ?? '';
    if (readOnly || !/[,\n\r\t]/.test(pasted)) return;
    event.preventDefault();
    add(splitIds(text + pasted));
  };

  return (
    <div class={`field ${props.changed ? 'field-changed' : ''}`} ref={root} id={`${props.id}-field`}>
      <label class="field-label" for={props.id}>
        {props.label}
      </label>
      {props.hint && (
        <p class="hint" id={`${props.id}-hint`}>
          {props.hint}
        </p>
      )}
      <div class={`chips ${props.error ? 'invalid' : ''} ${readOnly ? 'chips-readonly' : ''}`} onClick={(event) => event.target === event.currentTarget && input.current?.focus()}>
        {(locked.length > 0 || shown.length > 0) && (
          <ul class="chip-list" role="list" aria-label={props.label}>
            {locked.map(({ id, origin }) => (
              <li key={`locked ${id}`} class="chip chip-locked" title={origin}>
                <LockIcon /> {id}
                <span class="visually-hidden">, locked: {origin}</span>
              </li>
            ))}
            {shown.map((value, position) => (
              <li key={value} class={`chip ${unknown.includes(value) ? 'chip-unknown' : ''}`}>
                {value}
                {!readOnly && (
                  <button type="button" aria-label={`Remove ${value}`} onClick={() => remove(value, position)}>
                    ✕
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
        <input
          ref={input}
          id={props.id}
          class="chip-input"
          role="combobox"
          readOnly={readOnly}
          autocomplete="off"
          spellcheck={false}
          aria-autocomplete="list"
          aria-expanded={expanded}
          aria-controls={expanded ? listId : undefined}
          aria-activedescendant={expanded && active >= 0 ? `${listId}-${active}` : undefined}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={`${props.hint ? `${props.id}-hint ` : ''}${props.id}-notes`}
          placeholder={!readOnly && values.length + locked.length === 0 ? props.placeholder : undefined}
          value={text}
          onInput={(event) => {
            // Not every keyboard tells which key it was; the comma is in the text all the same.
            if (event.currentTarget.value.includes(',')) return add(splitIds(event.currentTarget.value));
            setText(event.currentTarget.value);
            setOpen(true);
            setActive(-1);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onClick={() => setOpen(true)}
          onBlur={() => {
            // What was typed counts also without Enter: a click on Save must not lose it.
            add(splitIds(text));
          }}
        />
        {expanded && (
          <ul class="options" role="listbox" id={listId} aria-label={`Known ids for ${props.label}`}>
            {visible.map(({ id, hint }, index) => (
              <li
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === active}
                class="option"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => add([id])}
              >
                <span>{id}</span>
                {hint && <span class="option-hint">{hint}</span>}
              </li>
            ))}
            {options.length > visible.length && (
              <li role="presentation" class="option-more">
                {options.length - visible.length} more; go on typing
              </li>
            )}
          </ul>
        )}
      </div>
      <div id={`${props.id}-notes`}>
        {props.error && <p class="field-error">{props.error}</p>}
        {props.note && <p class="field-lock">{props.note}</p>}
        {locked.length > 0 && (
          <ul class="field-notes">
            {locked.map(({ id, origin }) => (
              <li class="field-lock">
                “{id}” {origin}
              </li>
            ))}
          </ul>
        )}
        {unknown.length > 0 && (
          <ul class="field-notes">
            {unknown.map((value) => (
              <Unknown
                key={value}
                readOnly={readOnly}
                id={value}
                noun={props.noun}
                known={knownIds}
                onUse={(meant) => onChange([...new Set(values.map((other) => (other === value ? meant : other)))])}
              />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
