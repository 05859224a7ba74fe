import { useState } from 'preact/hooks';
import { Banner, Button, Dialog, placeText, toast, toastError } from '../../components';
import { repair } from './editing';
import type { Fault, Layer, Snapshot } from './snapshot';

export function isUsable(layer: Layer): boolean {
  return layer.state === 'absent' || layer.state === 'valid';
}

function FaultList({ faults }: { faults: readonly Fault[] }) {
  return (
    <ul class="faults">
      {faults.map(({ message, path, line, column, pointer }) => (
        <li>
          {message}
          <br />
          <code>{placeText({ file: path, line, column })}</code>
          {pointer && (
            <>
              {' '}
              at <code>{pointer}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function DefaultsDialog({ layer, busy, onRun, onClose }: { layer: Layer; busy: boolean; onRun: () => void; onClose: () => void }) {
  return (
    <Dialog
      title="Start from defaults?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" busy={busy} onClick={onRun}>
            Replace the file
          </Button>
        </>
      }
    >
      <p>
        <code>{layer.path}</code> is replaced by a policy in which everything is allowed, nothing blocked and nothing required.
      </p>
    </Dialog>
  );
}

function UserLayer({ layer }: { layer: Layer }) {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const run = async (startFrom: 'last-good' | 'defaults') => {
    setBusy(true);
    try {
      await repair(startFrom);
      toast('The policy file is repaired');
    } catch (fault) {
      toastError(fault);
    } finally {
      setBusy(false);
      setAsking(false);
    }
  };
  const kept = layer.state === 'last-good';
  return (
    <>
      <Banner
        tone="danger"
        role="alert"
        title="The policy file is invalid"
        actions={
          <>
            {kept && (
              <Button kind="primary" busy={busy && !asking} onClick={() => void run('last-good')}>
                Restore the last good policy
              </Button>
            )}
            <Button kind="danger" onClick={() => setAsking(true)}>
              Start from defaults
            </Button>
          </>
        }
      >
        <FaultList faults={layer.errors} />
        <p>
          {kept
            ? 'The last good policy, shown below, stays in force until the file is repaired, here or in an editor.'
            : 'There is no last good policy: packs that no higher layer requires are blocked, and nothing can be changed, until the file is repaired, here or in an editor.'}
        </p>
      </Banner>
      {asking && <DefaultsDialog layer={layer} busy={busy} onRun={() => void run('defaults')} onClose={() => setAsking(false)} />}
    </>
  );
}

function MachineLayer({ layer }: { layer: Layer }) {
  return (
    <Banner tone="danger" role="alert" title="The machine policy is invalid">
      <FaultList faults={layer.errors} />
      <p>
        {layer.state === 'last-good'
          ? 'Its last good content stays in force. '
          : 'Packs are blocked and nothing can be changed until it is repaired. '}
        Only root can repair it.
      </p>
    </Banner>
  );
}

/** What is wrong with the files, and the way out. */
export function LayerBanners({ snapshot }: { snapshot: Snapshot }) {
  const { machine, user, status } = snapshot;
  const remarks = [...status.conflicts, ...status.warnings];
  return (
    <>
      {!isUsable(machine) && <MachineLayer layer={machine} />}
      {!isUsable(user) && <UserLayer layer={user} />}
      {remarks.length > 0 && (
        <Banner tone="warning" title={remarks.length === 1 ? 'Worth a look' : `${remarks.length} things worth a look`}>
          <ul class="faults">
            {remarks.map(({ message }) => (
              <li>{message}</li>
            ))}
          </ul>
        </Banner>
      )}
    </>
  );
}
