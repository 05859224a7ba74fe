import { useState } from 'preact/hooks';
import { Button } from '../button';
import { LockIcon } from '../lock_icon';
import type { LockedChip } from './ids';

interface ChipListProps {
  label: string;
  values: readonly string[];
  locked: readonly LockedChip[];
  unknown: ReadonlySet<string>;
  readOnly: boolean;
  onRemove: (value: string, position: number) => void;
}

/** Policies of a hundred thousand ids are in order; as many chips are not. */
const shownAtFirst = 200;

function Locked({ id, origin }: LockedChip) {
  return (
    <li class="chip chip-locked" title={origin}>
      <LockIcon /> {id}
      <span class="visually-hidden">, locked: {origin}</span>
    </li>
  );
}

export function ChipList({ label, values, locked, unknown, readOnly, onRemove }: ChipListProps) {
  const [limit, setLimit] = useState(shownAtFirst);
  if (locked.length + values.length === 0) return null;
  return (
    <>
      <ul class="chip-list" role="list" aria-label={label}>
        {locked.slice(0, limit).map((entry) => (
          <Locked key={`locked ${entry.id}`} {...entry} />
        ))}
        {values.slice(0, limit).map((value, position) => (
          <li key={value} class={`chip ${unknown.has(value) ? 'chip-unknown' : ''}`}>
            {value}
            {!readOnly && (
              <button type="button" aria-label={`Remove ${value}`} onClick={() => onRemove(value, position)}>
                ✕
              </button>
            )}
          </li>
        ))}
      </ul>
      {values.length > limit && (
        <Button kind="quiet" class="button-inline" onClick={() => setLimit(limit + 10 * shownAtFirst)}>
          {values.length - limit} more
        </Button>
      )}
    </>
  );
}
