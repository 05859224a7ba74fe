// The audit trail: what was changed or refused, by whom, under which rule, and whether the trail is whole.
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { Banner, Button, Empty, ErrorView } from '../components';
import { useLive } from '../live';
import { call } from '../rpc';
import { isOtherPolicy, newestFirst, noFilter, queryOptions, type AuditLine, type AuditReply } from './activity/audit';
import { Filters } from './activity/filters';
import { Line, OtherPolicy } from './activity/line';
import { operationsOf, type Member } from './chain/chain';
import './pages.css';

const linesAtOnce = 100;

function Verification({ reply }: { reply: AuditReply }) {
  if (reply.verified) {
    return (
      <Banner tone="ok" title="The trail is whole">
        <p>Every line is as it was written, and none is missing.</p>
      </Banner>
    );
  }
  const bad = reply.firstBad;
  return (
    <Banner tone="danger" role="alert" title="The trail is not what was written">
      {bad && (
        <>
          <p>{bad.reason}</p>
          <p>
            <code>{bad.line > 0 ? `${bad.file}:${bad.line}` : bad.file}</code>
          </p>
        </>
      )}
      <p>What stands before that place is as it was written.</p>
    </Banner>
  );
}

function Lines({ lines }: { lines: readonly AuditLine[] }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const turn = (seq: number, wanted: boolean) => {
    const next = new Set(open);
    if (wanted) next.add(seq);
    else next.delete(seq);
    setOpen(next);
  };
  return (
    <div class="table-frame">
      <table class="table audit-table">
        <caption class="visually-hidden">Lines of the audit trail, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Operation</th>
            <th scope="col">Subject</th>
            <th scope="col" class="wide-only">
              Actor
            </th>
            <th scope="col" class="wide-only">
              Entry
            </th>
            <th scope="col">Verdict</th>
            <th scope="col" class="wide-only">
              Rule
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <Fragment key={line.seq}>
              <Line
                line={line}
                before={lines[index + 1]}
                open={open.has(line.seq)}
                onOpen={(wanted) => turn(line.seq, wanted)}
              />
              {isOtherPolicy(line, lines[index + 1]) && <OtherPolicy />}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ActivityPage() {
  const [filter, setFilter] = useState(noFilter);
  const [limit, setLimit] = useState(linesAtOnce);
  const chain = useLive(() => call<Member[]>('host:chain'), []);
  const trail = useLive(
    () => call<AuditReply>('audit:query', [queryOptions(filter, limit, new Date())]),
    ['policy-changed', 'catalog-changed', 'pack-state-changed'],
    JSON.stringify([filter, limit]),
  );
  const reply = trail.data;
  const lines = reply ? newestFirst(reply.lines, limit) : [];
  const isFiltered = JSON.stringify(filter) !== JSON.stringify(noFilter);
  return (
    <div class="stack">
      <div class="page-head">
        <h1>Activity</h1>
        <Button busy={trail.loading} onClick={() => void trail.reload()}>
          Refresh
        </Button>
        <p class="lead">
          What was changed or refused on this host. An edit of a policy file by hand is no operation and leaves no line: only
          its effects do.
        </p>
      </div>
      {trail.error && <ErrorView error={trail.error} onRetry={() => void trail.reload()} />}
      {reply && !trail.error && <Verification reply={reply} />}
      <Filters
        filter={filter}
        operations={operationsOf(chain.data ?? [])}
        onFilter={(next) => {
          setLimit(linesAtOnce);
          setFilter(next);
        }}
      />
      <p role="status" class="visually-hidden">
        {reply ? `${lines.length} lines` : ''}
      </p>
      {lines.length > 0 && <Lines lines={lines} />}
      {reply && lines.length === 0 && (
        <Empty title={isFiltered ? 'No line matches' : 'Nothing was changed or refused yet'}>
          {isFiltered && <Button onClick={() => setFilter(noFilter)}>Show all lines</Button>}
        </Empty>
      )}
      {reply && reply.lines.length > limit && (
        <div class="cluster">
          <Button busy={trail.loading} onClick={() => setLimit(limit * 2)}>
            Show older lines
          </Button>
          <span class="hint">{`The newest ${limit} are shown`}</span>
        </div>
      )}
    </div>
  );
}
