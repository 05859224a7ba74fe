// The interceptor chain, in order, with the times of the last traced call.
import { useEffect, useState } from 'preact/hooks';
import { Badge, Empty, ErrorView, Switch, toastError } from '../components';
import { useLive } from '../live';
import { call } from '../rpc';
import { localTime } from './activity/audit';
import {
  microsWords,
  operationsOf,
  wholeMicros,
  type Member,
  type OperationSummary,
  type Trace,
  type TracedCall,
} from './chain/chain';
import { Steps } from './chain/steps';
import './pages.css';

const traceIntervalMs = 1000;

/** The host tells nobody of a traced call: while tracing is on and the page is looked at, it is asked. */
function useTrace(operation: string) {
  const options = operation === '' ? {} : { operation };
  const trace = useLive(() => call<Trace>('host:trace', [options]), [], operation);
  const enabled = trace.data?.enabled ?? false;
  const [busy, setBusy] = useState(false);
  const { reload } = trace;
  useEffect(() => {
    if (!enabled) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void reload();
    }, traceIntervalMs);
    return () => clearInterval(timer);
  }, [enabled, reload]);
  const turn = async (wanted: boolean) => {
    setBusy(true);
    try {
      await call('host:trace', [{ enabled: wanted }]);
    } catch (fault) {
      toastError(fault);
    }
    await reload();
    setBusy(false);
  };
  return { trace: trace.data, error: trace.error, enabled, busy, turn };
}

function LastCall({ last, enabled }: { last: TracedCall | null; enabled: boolean }) {
  if (!last) {
    if (!enabled) return null;
    return <p class="hint">No call was traced yet: the next one shows here.</p>;
  }
  return (
    <p class="last-call">
      Last traced call: <code>{last.operation}</code> at {localTime(last.finishedAt)}, {microsWords(wholeMicros(last))}{' '}
      <Badge tone={last.ok ? 'ok' : 'danger'}>{last.ok ? 'succeeded' : (last.code ?? 'failed')}</Badge>
    </p>
  );
}

function Tracing({ state }: { state: ReturnType<typeof useTrace> }) {
  if (state.error && !state.trace) return <ErrorView error={state.error} />;
  return (
    <div class="tracing card">
      <div class="row">
        <div class="row-text">
          <span class="field-label" id="trace-label">
            Trace calls
          </span>
          <span class="hint" id="trace-hint">
            Measures each call's steps. Off by default.
          </span>
        </div>
        <Switch
          labelledBy="trace-label"
          describedBy="trace-hint"
          checked={state.enabled}
          busy={state.busy}
          onChange={(enabled) => void state.turn(enabled)}
        />
      </div>
      <LastCall last={state.trace?.last ?? null} enabled={state.enabled} />
    </div>
  );
}

interface ChooserProps {
  names: readonly string[];
  operation: string;
  onChoose: (operation: string) => void;
}

function Chooser({ names, operation, onChoose }: ChooserProps) {
  return (
    <label class="field chain-operation">
      <span class="field-label">Operation</span>
      <select class="input" value={operation} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">All operations</option>
        {names.map((name) => (
          <option value={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function Summary({ operation }: { operation: OperationSummary | undefined }) {
  if (!operation) return null;
  const parameters = operation.parameters.map(({ name, required }) => (required ? name : `${name}?`)).join(', ');
  return (
    <p class="operation-summary">
      <code>{`${operation.name}(${parameters})`}</code> {operation.summary} <Badge>{operation.effect}</Badge>
    </p>
  );
}

export function ChainPage() {
  const [operation, setOperation] = useState('');
  const chain = useLive(() => call<Member[]>('host:chain'), ['catalog-changed', 'pack-state-changed']);
  const described = useLive(() => call<OperationSummary[]>('host:operations'), []).data ?? [];
  const tracing = useTrace(operation);
  const members = chain.data ?? [];
  // Nested operations are seen by interceptors, but are not public.
  const names = [...new Set([...described.map(({ name }) => name), ...operationsOf(members)])].sort();
  return (
    <div class="stack">
      <div class="page-head">
        <h1>Chain</h1>
        <p class="lead">Every operation passes these interceptors, from the top down.</p>
      </div>
      <Tracing state={tracing} />
      <Chooser names={names} operation={operation} onChoose={setOperation} />
      <Summary operation={described.find(({ name }) => name === operation)} />
      {chain.error && <ErrorView error={chain.error} onRetry={() => void chain.reload()} />}
      {chain.data && chain.data.length === 0 && (
        <Empty title="No interceptor: every call goes straight to its handler" />
      )}
      {chain.data && <Steps members={members} operation={operation} traced={tracing.trace?.last ?? null} />}
    </div>
  );
}
