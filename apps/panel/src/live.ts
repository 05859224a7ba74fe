// What a page shows of the host, kept current.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { connectionState, onConnectionState, onEvent, RpcError, type ConnectionState, type EventName } from './rpc';

export function useConnection(): ConnectionState {
  const [state, setState] = useState(connectionState());
  useEffect(() => {
    setState(connectionState());
    return onConnectionState(() => setState(connectionState()));
  }, []);
  return state;
}

export function useEvent(name: EventName, listener: (params: Record<string, unknown>) => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => onEvent(name, (params) => latest.current(params)), [name]);
}

export interface Live<T> {
  /** The last state that was loaded; stays while it is loaded anew and when that fails. */
  data: T | undefined;
  error: RpcError | undefined;
  loading: boolean;
  /** Resolves when what it loaded is in `data`. */
  reload: () => Promise<void>;
}

/**
 * Loads with `load` now, when `key` changes, after each of `events` and after a time without events. Loads never
 * overlap: events that come meanwhile lead to one more.
 */
export function useLive<T>(load: () => Promise<T>, events: readonly EventName[], key: string = ''): Live<T> {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<RpcError>();
  const [loading, setLoading] = useState(true);
  const latest = useRef(load);
  latest.current = load;
  const running = useRef<Promise<void>>();
  const again = useRef(false);
  const gone = useRef(false);

  const once = useCallback(async () => {
    do {
      again.current = false;
      try {
        const loaded = await latest.current();
        if (gone.current) return;
        setData(() => loaded);
        setError(undefined);
      } catch (fault) {
        if (gone.current) return;
        setError(fault instanceof RpcError ? fault : new RpcError(String(fault), { code: 'internal' }));
      }
    } while (again.current);
    setLoading(false);
  }, []);

  const reload = useCallback((): Promise<void> => {
    if (running.current) {
      again.current = true;
      return running.current;
    }
    setLoading(true);
    const run = once().finally(() => (running.current = undefined));
    running.current = run;
    return run;
  }, [once]);

  useEffect(() => void reload(), [reload, key]);
  useEffect(() => {
    gone.current = false;
    const ends = [...events, 'resync' as const].map((name) => onEvent(name, () => void reload()));
    return () => {
      gone.current = true;
      for (const end of ends) end();
    };
  }, [reload, events.join(' ')]);
  return { data, error, loading, reload };
}
