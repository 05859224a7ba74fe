import { nearest } from '../../nearest';
import { Button } from '../button';
import { LockIcon } from '../lock_icon';
import type { LockedChip } from './ids';

interface ChipNotesProps {
  id: string;
  noun: string;
  rule: RegExp | undefined;
  error: string | undefined;
  note: string | undefined;
  locked: readonly LockedChip[];
  unknown: readonly string[];
  known: readonly string[];
  readOnly: boolean;
  onReplace: (id: string, by: string) => void;
}

/** Looking for what was meant costs the product of both lists. */
const shownNotes = 20;

function Unknown({ id, noun, rule, known, readOnly, onReplace }: Pick<ChipNotesProps, 'id' | 'noun' | 'rule' | 'known' | 'readOnly' | 'onReplace'>) {
  const meant = nearest(id, known);
  return (
    <li class="field-warning">
      <span>
        “{id}” {rule?.test(id) === false ? `is no ${noun} name` : `matches no known ${noun}`}
        {meant === undefined ? '.' : `; nearest: ${readOnly ? meant : ''}`}
      </span>
      {meant !== undefined && !readOnly && (
        <Button kind="quiet" class="button-inline" aria-label={`Replace ${id} by ${meant}`} onClick={() => onReplace(id, meant)}>
          {meant}
        </Button>
      )}
    </li>
  );
}

function More({ count, what }: { count: number; what: string }) {
  return count > shownNotes ? (
    <li>
      {count - shownNotes} more {what}
    </li>
  ) : null;
}

/** What is wrong with the ids, what is not theirs to change, and what matches nothing. */
export function ChipNotes(props: ChipNotesProps) {
  const { error, note, locked, unknown } = props;
  return (
    <div id={`${props.id}-notes`}>
      {error && <p class="field-error">{error}</p>}
      {note && (
        <p class="field-lock">
          <LockIcon /> {note}
        </p>
      )}
      <ul class="field-notes">
        {locked.slice(0, shownNotes).map(({ id, origin }) => (
          <li key={`locked ${id}`} class="field-lock">
            “{id}” {origin}
          </li>
        ))}
        <More count={locked.length} what="are locked" />
        {unknown.slice(0, shownNotes).map((value) => (
          <Unknown key={value} {...props} id={value} />
        ))}
        <More count={unknown.length} what="match nothing known" />
      </ul>
    </div>
  );
}
