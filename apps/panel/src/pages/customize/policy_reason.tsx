// Which rule decides, by the host's own explanation.
import { useLive } from '../../live';
import { call } from '../../rpc';

interface Explanation {
  allowed: boolean;
  message?: string;
  rule?: { name?: string; layer?: string; file?: string; line?: number };
}

function RulePlace({ rule }: { rule: NonNullable<Explanation['rule']> }) {
  const place = rule.file ? rule.file + (rule.line ? `:${rule.line}` : '') : '';
  return (
    <p class="rule">
      {rule.name && <code>{rule.name}</code>}
      {rule.layer && ` (${rule.layer} layer)`}
      {place && (
        <>
          {' in '}
          <code>{place}</code>
        </>
      )}
    </p>
  );
}

/**
 * Says why the host would refuse `operation` with `params`; shows nothing when it would not. Give it a `key` of what it
 * is about.
 */
export function PolicyReason({ id, operation, params }: { id?: string; operation: string; params: unknown[] }) {
  const asked = JSON.stringify(params);
  const { data } = useLive(
    () => call<Explanation>('admin:explain', [operation, params]),
    ['policy-changed', 'catalog-changed'],
    operation + asked,
  );
  if (!data || data.allowed) return null;
  return (
    <div class="policy-reason" id={id}>
      {data.message && <p>{data.message}</p>}
      {data.rule && <RulePlace rule={data.rule} />}
    </div>
  );
}
