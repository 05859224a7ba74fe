// One line of the trail as a row, and all of it below when asked for.
import type { ComponentChildren } from 'preact';
import { Badge, Button, type Tone } from '../../components';
import { durationWords, localTime, ruleName, rulePlace, verdictMeaning, type AuditLine } from './audit';

const tones: Record<string, Tone> = { allowed: 'ok', denied: 'danger', failed: 'danger', error: 'warning' };

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === undefined || children === '') return null;
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Details({ line, before }: { line: AuditLine; before: AuditLine | undefined }) {
  const place = line.rule && rulePlace(line.rule);
  return (
    <dl class="facts">
      <Fact name="Line">{String(line.seq)}</Fact>
      <Fact name="Time (UTC)">{line.time}</Fact>
      <Fact name="Call">
        <code>{line.id}</code>
        {line.parent && (
          <>
            {' inside '}
            <code>{line.parent}</code>
          </>
        )}
      </Fact>
      <Fact name="Actor">{`${line.actor} by ${line.entry}`}</Fact>
      <Fact name="Verdict">
        {line.verdict}
        {line.code && (
          <>
            {' '}
            <code>{line.code}</code>
          </>
        )}
        {verdictMeaning[line.verdict] && <span class="hint"> {verdictMeaning[line.verdict]}</span>}
      </Fact>
      <Fact name="Rule">{line.rule && ruleName(line.rule)}</Fact>
      <Fact name="Rule stands in">{place && <code>{place}</code>}</Fact>
      <Fact name="Policy revision">
        <code>{line.policyRevision}</code>
      </Fact>
      <Fact name="Took">{durationWords(line.micros)}</Fact>
      <Fact name="Hash">
        <code class="hash">{line.hash}</code>
      </Fact>
      <Fact name="Hash before">
        <code class="hash">{line.prev}</code>
        {before && before.seq === line.seq - 1 && (
          <span class="hint">
            {before.hash === line.prev ? ` is that of line ${before.seq}` : ` is not that of line ${before.seq}`}
          </span>
        )}
      </Fact>
    </dl>
  );
}

interface LineProps {
  line: AuditLine;
  /** The line that was written before it, when that is shown too. */
  before: AuditLine | undefined;
  open: boolean;
  onOpen: (open: boolean) => void;
}

export const columns = 7;

export function Line({ line, before, open, onOpen }: LineProps) {
  const details = `line-${line.seq}`;
  return (
    <>
      <tr class={open ? 'audit-line audit-line-open' : 'audit-line'}>
        <td class="audit-time">
          <Button
            kind="quiet"
            class="audit-opener"
            aria-expanded={open}
            aria-controls={open ? details : undefined}
            aria-label={`Line ${line.seq}, ${localTime(line.time)}`}
            onClick={() => onOpen(!open)}
          >
            <span aria-hidden="true">{open ? '▾' : '▸'}</span> {localTime(line.time)}
          </Button>
        </td>
        <td class="audit-operation">
          <code>{line.operation}</code>
        </td>
        <td class="audit-subject">{line.subject}</td>
        <td class="wide-only">{line.actor}</td>
        <td class="wide-only">{line.entry}</td>
        <td class="audit-verdict">
          <Badge tone={tones[line.verdict] ?? 'neutral'}>{line.verdict}</Badge>
        </td>
        <td class="wide-only">{line.rule && ruleName(line.rule)}</td>
      </tr>
      {open && (
        <tr id={details} class="audit-details">
          <td colSpan={columns}>
            <Details line={line} before={before} />
          </td>
        </tr>
      )}
    </>
  );
}

/** Between two lines, the newer above it. */
export function OtherPolicy() {
  return (
    <tr class="audit-other-policy">
      <td colSpan={columns}>
        <span aria-hidden="true">↑ </span>Another policy is in force from here on
      </td>
    </tr>
  );
}
