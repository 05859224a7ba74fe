import type { Ref } from 'preact';
import { useId, useState } from 'preact/hooks';
import { isList, matching, splitIds, type KnownId } from './ids';

interface IdInputProps {
  id: string;
  label: string;
  describedBy: string;
  placeholder: string | undefined;
  invalid: boolean;
  readOnly: boolean;
  known: readonly KnownId[];
  taken: ReadonlySet<string>;
  input: Ref<HTMLInputElement>;
  onAdd: (ids: string[]) => void;
  /** Backspace in the empty input. */
  onRemoveLast: () => void;
}

const shownOptions = 8;

interface OptionsProps {
  listId: string;
  label: string;
  options: readonly KnownId[];
  more: number;
  active: number;
  onChoose: (id: string) => void;
}

function Options({ listId, label, options, more, active, onChoose }: OptionsProps) {
  return (
    <ul class="options" role="listbox" id={listId} aria-label={`Known ids for ${label}`}>
      {options.map(({ id, hint }, index) => (
        <li
          id={`${listId}-${index}`}
          role="option"
          aria-selected={index === active}
          class="option"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(id)}
        >
          <span>{id}</span>
          {hint && <span class="option-hint">{hint}</span>}
        </li>
      ))}
      {more > 0 && (
        <li role="presentation" class="option-more">
          {more} more; go on typing
        </li>
      )}
    </ul>
  );
}

/** The text that becomes an id, and the options under it. */
function useCompletion({ known, taken, readOnly, onAdd, onRemoveLast }: IdInputProps) {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const found = open && !readOnly ? matching(known, taken, text) : [];
  const options = found.slice(0, shownOptions);
  const expanded = options.length > 0;

  const show = (typed: string) => {
    setText(typed);
    setOpen(true);
    setActive(-1);
  };
  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const add = (ids: string[]) => {
    onAdd(ids);
    setText('');
    // Not to stand over the notes below; typing or an arrow opens it again.
    close();
  };
  const move = (step: number) => {
    if (!expanded) return setOpen(true);
    const from = active < 0 && step < 0 ? 0 : active;
    setActive((from + step + options.length) % options.length);
  };
  const enter = () => add(expanded && options[active] ? [options[active].id] : splitIds(text));
  const keys: Record<string, (() => void) | undefined> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: enter,
    ',': () => add(splitIds(text)),
    Escape: expanded ? close : undefined,
    Backspace: text === '' ? onRemoveLast : undefined,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.isComposing || readOnly ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return { text, options, more: found.length - options.length, expanded, active, show, add, onKeyDown, open: () => setOpen(true) };
}

export function IdInput(props: IdInputProps) {
  const listId = useId();
  const { text, options, more, expanded, active, show, add, onKeyDown, open } = useCompletion(props);
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData?.getData('text') ?? '';
    if (props.readOnly || !isList(pasted)) return;
    event.preventDefault();
    add(splitIds(text + pasted));
  };
  return (
    <>
      <input
        ref={props.input}
        id={props.id}
        class="chip-input"
        role="combobox"
        readOnly={props.readOnly}
        autocomplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={expanded}
        aria-controls={expanded ? listId : undefined}
        aria-activedescendant={expanded && active >= 0 ? `${listId}-${active}` : undefined}
        aria-invalid={props.invalid || undefined}
        aria-describedby={props.describedBy}
        placeholder={props.placeholder}
        value={text}
        onInput={({ currentTarget: { value } }) => {
          // Not every keyboard tells which key it was; the comma is in the text all the same.
          if (isList(value)) add(splitIds(value));
          else show(value);
        }}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onClick={open}
        // What was typed counts also without Enter: a click on Save must not lose it.
        onBlur={() => add(splitIds(text))}
      />
      {expanded && <Options listId={listId} label={props.label} options={options} more={more} active={active} onChoose={(id) => add([id])} />}
    </>
  );
}
