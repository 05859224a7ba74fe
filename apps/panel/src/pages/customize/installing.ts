// One call that brings files in: how far it is, how it ends, and its cancellation.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { toast } from '../../components';
import { useEvent } from '../../live';
import { call, RpcError } from '../../rpc';
import { isAbout, type InstallProgress } from './install_progress';

export interface InstallReply {
  packName: string;
  manifest: { displayName: string; version: string };
  skillCount: number;
  agentCount: number;
}

export interface Install {
  operation: string;
  /** What the host calls the subject: an address, a path or, for an update, a pack's name. */
  location: string;
  options: Record<string, unknown>;
}

export interface Installing {
  running: boolean;
  progress: InstallProgress | undefined;
  error: RpcError | undefined;
  /** Resolves to nothing when it failed or was cancelled; `error` says why. */
  start: (install: Install | (() => Promise<Install>)) => Promise<InstallReply | undefined>;
  cancel: () => void;
  forget: () => void;
}

/** While it is being found out what to install. */
const notYetKnown: Install = { operation: '', location: '', options: {} };

export function useInstalling(): Installing {
  const [running, setRunning] = useState<Install>();
  const [progress, setProgress] = useState<InstallProgress>();
  const [error, setError] = useState<RpcError>();
  const abort = useRef<AbortController>();

  useEvent('install-progress', (params) => {
    const told = params as unknown as InstallProgress;
    if (running && isAbout(told, running.operation, running.location)) setProgress(told);
  });
  // The host ends the operation when its request goes away.
  useEffect(() => () => abort.current?.abort(), []);

  const start = useCallback(async (wanted: Install | (() => Promise<Install>)) => {
    const control = (abort.current = new AbortController());
    setRunning(notYetKnown);
    setProgress(undefined);
    setError(undefined);
    try {
      const install = typeof wanted === 'function' ? await wanted() : wanted;
      setRunning(install);
      const params = Object.keys(install.options).length > 0 ? [install.location, install.options] : [install.location];
      const onWarnings = (warnings: string[]) => warnings.forEach((warning) => toast(warning));
      return await call<InstallReply>(install.operation, params, { signal: control.signal, onWarnings });
    } catch (fault) {
      const known = fault instanceof RpcError ? fault : new RpcError(String(fault), { code: 'internal' });
      setError(known);
      return undefined;
    } finally {
      setRunning(undefined);
    }
  }, []);

  return {
    running: running !== undefined,
    progress,
    error,
    start,
    cancel: useCallback(() => abort.current?.abort(), []),
    forget: useCallback(() => setError(undefined), []),
  };
}

export const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

export function installedWords(reply: InstallReply): string {
  const { displayName, version } = reply.manifest;
  return `${displayName} ${version} installed: ${counted(reply.skillCount, 'skill')}, ${counted(reply.agentCount, 'agent')}`;
}
