// The questions that can be asked of the trail.
import { useEffect, useState } from 'preact/hooks';
import { periods, verdicts, type AuditFilter, type Period } from './audit';

interface FiltersProps {
  filter: AuditFilter;
  operations: readonly string[];
  onFilter: (filter: AuditFilter) => void;
}

export function Filters({ filter, operations, onFilter }: FiltersProps) {
  // Kept as it is typed: lines that come meanwhile must not take it away.
  const [subject, setSubject] = useState(filter.subject);
  useEffect(() => setSubject(filter.subject), [filter.subject]);
  const change = (part: Partial<AuditFilter>) => onFilter({ ...filter, ...part });
  return (
    <form
      class="audit-filters"
      role="search"
      aria-label="Filter the trail"
      onSubmit={(event) => event.preventDefault()}
    >
      <label class="field">
        <span class="field-label">Operation</span>
        <select
          class="input"
          value={filter.operation}
          onChange={(event) => change({ operation: event.currentTarget.value })}
        >
          <option value="">Any</option>
          {operations.map((operation) => (
            <option value={operation}>{operation}</option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="field-label">Subject</span>
        <input
          type="search"
          class="input"
          placeholder="Exactly, such as my-pack"
          autoComplete="off"
          spellcheck={false}
          value={subject}
          onInput={(event) => setSubject(event.currentTarget.value)}
          // On Enter or when the field is left: each question reads the whole trail.
          onChange={(event) => change({ subject: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span class="field-label">Verdict</span>
        <select
          class="input"
          value={filter.verdict}
          onChange={(event) => change({ verdict: event.currentTarget.value })}
        >
          <option value="">Any</option>
          {verdicts.map((verdict) => (
            <option value={verdict}>{verdict}</option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="field-label">Time</span>
        <select
          class="input"
          value={filter.period}
          onChange={(event) => change({ period: event.currentTarget.value as Period })}
        >
          {Object.entries(periods).map(([period, title]) => (
            <option value={period}>{title}</option>
          ))}
        </select>
      </label>
      {filter.period === 'since' && (
        <label class="field">
          <span class="field-label">Since</span>
          <input
            type="datetime-local"
            class="input"
            value={filter.since}
            onChange={(event) => change({ since: event.currentTarget.value })}
          />
        </label>
      )}
    </form>
  );
}
