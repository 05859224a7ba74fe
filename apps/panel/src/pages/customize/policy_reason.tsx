// Which rule decides, by the host's own explanation.
import { useLive } from '../../live';
import { call } from '../../rpc';

interface Explanation {
  allowed: boolean;
  message?: string;
  /** Rule, place and the organization's name. */
  why?: string;
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
      {data.why && <p class="rule">{data.why}</p>}
    </div>
  );
}
