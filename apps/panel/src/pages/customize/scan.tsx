// What the content scan found in a pack.
import { Banner } from '../../components';
import type { Pack, ScanReport } from './pack';

function Findings({ scan }: { scan: ScanReport }) {
  const omitted = scan.omitted ?? 0;
  return (
    <ul class="scan-findings">
      {scan.findings.map(({ path, line, message }) => (
        <li>
          <code>{line === undefined ? path : `${path}:${line}`}</code> {message}
        </li>
      ))}
      {omitted > 0 && <li>and {omitted} more</li>}
    </ul>
  );
}

function Quarantined({ pack }: { pack: Pack }) {
  return (
    <Banner tone="danger" title="Quarantined">
      {pack.scan ? <Findings scan={pack.scan} /> : <p>{pack.error}</p>}
      <p>
        Look at what was found. It may be used after: <code>cowork pack quarantine release {pack.name}</code>
      </p>
    </Banner>
  );
}

/** A pack that is held back, and one that may be used although something was found. */
export function Scan({ pack }: { pack: Pack }) {
  if (pack.state === 'quarantined') return <Quarantined pack={pack} />;
  if (!pack.scan || pack.scan.findings.length === 0) return null;
  const released = pack.scan.releasedAt !== undefined;
  return (
    <Banner tone="warning" title={released ? 'Released from quarantine' : 'The content scan has warnings'}>
      <Findings scan={pack.scan} />
    </Banner>
  );
}
