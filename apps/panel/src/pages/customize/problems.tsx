// What discovery found and could not take: one bad pack hides no good one, but nobody should have to guess.
import { useLive } from '../../live';
import { call } from '../../rpc';

interface Diagnostic {
  severity: string;
  code: string;
  path: string;
  line?: number;
  message: string;
}

export function Problems() {
  const { data } = useLive(
    () => call<{ diagnostics: Diagnostic[] }>('host:status'),
    ['catalog-changed', 'policy-changed', 'diagnostic'],
  );
  const found = data?.diagnostics ?? [];
  if (found.length === 0) return null;
  return (
    <details class="problems card">
      <summary>{`${found.length} ${found.length === 1 ? 'problem' : 'problems'} found by the host`}</summary>
      <ul>
        {found.map((diagnostic) => (
          <li>
            <p>{diagnostic.message}</p>
            <p class="hint">
              <code>{diagnostic.path + (diagnostic.line ? `:${diagnostic.line}` : '')}</code> {diagnostic.code}
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
