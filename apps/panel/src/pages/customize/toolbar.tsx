// Search and filters above the list of packs.
import { useEffect, useRef } from 'preact/hooks';
import { conditions, meets, type Condition, type Filter } from './pack_list';
import type { Pack, Updates } from './pack';

const conditionTitles: Record<Condition, string> = {
  enabled: 'Enabled',
  disabled: 'Disabled',
  blocked: 'Blocked',
  required: 'Required',
  updates: 'Updates',
  errors: 'Errors',
};

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName))
  );
}

function Search({ text, onText }: { text: string; onText: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  return (
    <div class="search">
      <input
        ref={field}
        type="search"
        class="input"
        aria-label="Search packs"
        aria-keyshortcuts="/"
        placeholder="Search packs and skills"
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}

interface ToolbarProps {
  packs: readonly Pack[];
  updates: Updates;
  categories: readonly string[];
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

export function Toolbar({ packs, updates, categories, filter, onFilter }: ToolbarProps) {
  const flip = (condition: Condition) => {
    const chosen = new Set(filter.conditions);
    if (!chosen.delete(condition)) chosen.add(condition);
    onFilter({ ...filter, conditions: chosen });
  };
  return (
    <div class="toolbar">
      <Search text={filter.text} onText={(text) => onFilter({ ...filter, text })} />
      <div class="filters" role="group" aria-label="Filters">
        {conditions.map((condition) => {
          const count = packs.filter((pack) => meets(pack, condition, updates)).length;
          const chosen = filter.conditions.has(condition);
          return (
            <button type="button" class="filter" aria-pressed={chosen} onClick={() => flip(condition)}>
              {conditionTitles[condition]} <span class="count">{count}</span>
            </button>
          );
        })}
        <select
          class="input category"
          aria-label="Category"
          value={filter.category}
          onChange={(event) => onFilter({ ...filter, category: event.currentTarget.value })}
        >
          <option value="">All categories</option>
          {categories.map((category) => (
            <option value={category}>{category}</option>
          ))}
        </select>
      </div>
    </div>
  );
}
