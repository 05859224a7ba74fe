// What can be done with one pack: update, verify, uninstall.
import { useState } from 'preact/hooks';
import { Button, Dialog, ErrorView, toast, toastError } from '../../components';
import { call, RpcError } from '../../rpc';
import { addressOf } from '../../route';
import { useInstalling } from './installing';
import { InstallingView } from './installing_view';
import type { Pack } from './pack';
import { updateInstall } from './registry';

interface UpdateReply {
  manifest: { version: string };
  changed?: boolean;
}

interface VerifyReply {
  packs: { name: string; verified: boolean; problem?: string }[];
}

function Uninstall({ pack, onClose, onChanged }: { pack: Pack; onClose: () => void; onChanged: () => Promise<void> }) {
  const [error, setError] = useState<RpcError>();
  const [busy, setBusy] = useState(false);
  const uninstall = async () => {
    setBusy(true);
    try {
      await call('pluginPack:uninstall', [pack.name]);
    } catch (fault) {
      setBusy(false);
      setError(fault instanceof RpcError ? fault : new RpcError(String(fault), { code: 'internal' }));
      return;
    }
    onClose();
    toast(`${pack.displayName} uninstalled`);
    location.hash = addressOf('customize');
    await onChanged();
  };
  return (
    <Dialog
      title={`Uninstall ${pack.displayName}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button kind="danger" busy={busy} onClick={() => void uninstall()}>
            Uninstall
          </Button>
        </>
      }
    >
      <p>Its files, its switches and the record of where it came from go. This can't be undone.</p>
      <p>
        <code>{pack.path}</code>
      </p>
      {error && <ErrorView error={error} />}
    </Dialog>
  );
}

async function verify(pack: Pack): Promise<void> {
  try {
    const reply = await call<VerifyReply>('pluginPack:verify', [pack.name]);
    const entry = reply.packs.find(({ name }) => name === pack.name);
    if (entry?.verified) toast(`${pack.displayName} is as it was installed`);
    else toastError(new RpcError(`${pack.displayName} was changed`, { code: 'integrity', why: entry?.problem }));
  } catch (fault) {
    toastError(fault);
  }
}

export function PackActions(props: { pack: Pack; latest: string | undefined; onChanged: () => Promise<void> }) {
  const { pack, latest, onChanged } = props;
  const installing = useInstalling();
  const [asking, setAsking] = useState(false);
  if (pack.scope !== 'user') return null;
  const update = async () => {
    const again = { operation: 'pluginPack:update', location: pack.name, options: {} };
    const reply: UpdateReply | undefined = await installing.start(latest ? () => updateInstall(pack.name) : again);
    if (!reply) return;
    toast(
      reply.changed === false
        ? `${pack.displayName} is up to date`
        : `${pack.displayName} ${reply.manifest.version} installed`,
    );
    await onChanged();
  };
  return (
    <div class="pack-actions">
      <div class="button-row">
        {(pack.source || latest) && (
          <Button kind={latest ? 'primary' : 'plain'} busy={installing.running} onClick={() => void update()}>
            {latest ? `Update to ${latest}` : 'Update'}
          </Button>
        )}
        {pack.source && <Button onClick={() => void verify(pack)}>Verify files</Button>}
        <Button
          kind="danger"
          aria-disabled={pack.policyRequired || undefined}
          aria-describedby={pack.policyRequired ? 'detail-lock' : undefined}
          onClick={() => !pack.policyRequired && setAsking(true)}
        >
          Uninstall…
        </Button>
      </div>
      <InstallingView installing={installing} />
      {asking && <Uninstall pack={pack} onClose={() => setAsking(false)} onChanged={onChanged} />}
    </div>
  );
}
