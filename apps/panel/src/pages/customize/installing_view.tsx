import { useEffect, useRef } from 'preact/hooks';
import { Button, ErrorView } from '../../components';
import { progressShare, progressWords } from './install_progress';
import type { Installing } from './installing';

function Running({ installing }: { installing: Installing }) {
  const cancel = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone or locked now; this one is what is left to do.
  useEffect(() => cancel.current?.querySelector('button')?.focus(), []);
  const { progress } = installing;
  const words = progress ? progressWords(progress) : 'Asking the host…';
  return (
    <div class="install-running" ref={cancel}>
      <progress aria-label="Progress" max={1} value={progress && progressShare(progress)} />
      <p class="install-words">{words}</p>
      <p role="status" class="visually-hidden">
        {/* Each phase is spoken once; every count of bytes would never end. */}
        {progress ? progressWords({ ...progress, bytes: 0 }) : words}
      </p>
      <Button onClick={installing.cancel}>Cancel</Button>
    </div>
  );
}

/** What an installation under way looks like, or how the last one failed. */
export function InstallingView({ installing, onReplace }: { installing: Installing; onReplace?: () => void }) {
  if (installing.running) return <Running installing={installing} />;
  if (!installing.error) return null;
  return (
    <div class="install-failed">
      <ErrorView error={installing.error} />
      {installing.error.code === 'already-exists' && onReplace && (
        <Button kind="danger" onClick={onReplace}>
          Replace the installed pack
        </Button>
      )}
    </div>
  );
}
