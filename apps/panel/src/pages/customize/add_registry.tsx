// Finding packs in the registry. Installing one is an ordinary install of the address that its entry names.
import { useEffect, useState } from 'preact/hooks';
import { Badge, Button, Empty, ErrorView } from '../../components';
import { useLive } from '../../live';
import { call } from '../../rpc';
import type { AddProps } from './add_source';
import { Field } from './field';
import { counted, type Install } from './installing';
import { InstallingView } from './installing_view';
import { shortIcon, type Pack } from './pack';
import { isPermitted, NotPermitted } from './permission';
import { installOf, permittedInstall, type RegistryEntry, type SearchReply } from './registry';

const pageSize = 10;
const typingPauseMs = 250;

function Categories({ chosen, onChoose }: { chosen: string; onChoose: (category: string) => void }) {
  const { data } = useLive(() => call<string[]>('pluginPack:registryCategories'), []);
  if (!data || data.length === 0) return null;
  return (
    <div class="filters" role="group" aria-label="Categories">
      {['', ...data].map((category) => (
        <button type="button" class="filter" aria-pressed={chosen === category} onClick={() => onChoose(category)}>
          {category === '' ? 'All' : category}
        </button>
      ))}
    </div>
  );
}

function contentsOf(entry: RegistryEntry): string {
  const counts = [
    entry.skillCount !== undefined && counted(entry.skillCount, 'skill'),
    entry.agentCount !== undefined && counted(entry.agentCount, 'agent'),
  ];
  return [entry.category, entry.author, ...counts].filter((part): part is string => !!part).join(' · ');
}

interface EntryProps {
  entry: RegistryEntry;
  installed: Pack | undefined;
  locked: boolean;
  onInstall: () => void;
}

function EntryView({ entry, installed, locked, onInstall }: EntryProps) {
  return (
    <li class="entry registry-entry">
      <span class="pack-icon" aria-hidden="true">
        {shortIcon(entry.icon, entry.displayName)}
      </span>
      <div class="entry-text">
        <span class="entry-name">{entry.displayName}</span> <code class="entry-id">{entry.name}</code> {entry.version}
        <p class="entry-description">{entry.description}</p>
        <p class="hint">{contentsOf(entry)}</p>
      </div>
      {installed ? (
        <Badge tone="ok">Installed {installed.version}</Badge>
      ) : (
        <Button
          aria-label={`Install ${entry.displayName}`}
          aria-disabled={locked || undefined}
          onClick={() => !locked && onInstall()}
        >
          Install
        </Button>
      )}
    </li>
  );
}

function Pager({ reply, onPage }: { reply: SearchReply; onPage: (page: number) => void }) {
  const pages = Math.max(1, Math.ceil(reply.total / reply.pageSize));
  if (pages === 1) return null;
  return (
    <nav class="cluster pager" aria-label="Pages of results">
      <Button disabled={reply.page <= 1} onClick={() => onPage(reply.page - 1)}>
        Previous
      </Button>
      <span>{`Page ${reply.page} of ${pages}`}</span>
      <Button disabled={reply.page >= pages} onClick={() => onPage(reply.page + 1)}>
        Next
      </Button>
    </nav>
  );
}

function useAfterTyping(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), typingPauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function AddRegistry({ packs, installing, permissions, onInstalled }: AddProps & { packs: readonly Pack[] }) {
  const [text, setText] = useState('');
  const [category, setCategory] = useState('');
  const [page, setPage] = useState(1);
  const [denied, setDenied] = useState('');
  const [last, setLast] = useState<RegistryEntry>();
  const query = useAfterTyping(text.trim());
  const options = { page, pageSize, ...(category === '' ? {} : { category }) };
  const key = JSON.stringify([query, options]);
  const { data, error, reload } = useLive(
    () => call<SearchReply>('pluginPack:registrySearch', [query, options]),
    [],
    key,
  );

  const install = async (entry: RegistryEntry, more: Record<string, unknown> = {}) => {
    setLast(entry);
    const operation = installOf(entry)?.operation ?? '';
    const permitted = operation === '' || isPermitted(operation, permissions);
    setDenied(permitted ? '' : operation);
    if (!permitted) return;
    const wanted = async (): Promise<Install> => {
      const found = await permittedInstall(entry);
      return { ...found, options: { ...found.options, ...more } };
    };
    const reply = await installing.start(wanted);
    if (reply) await onInstalled(reply);
  };

  if (error && !data) {
    if (error.code === 'not-found') {
      return (
        <Empty title="No registry is set">
          <p>{error.why ?? error.message}</p>
          {error.try && <code>{error.try}</code>}
        </Empty>
      );
    }
    return <ErrorView error={error} onRetry={() => void reload()} />;
  }
  return (
    <div class="stack">
      <Field
        type="search"
        label="Search the registry"
        value={text}
        onText={(next) => {
          setText(next);
          setPage(1);
        }}
      />
      <Categories
        chosen={category}
        onChoose={(next) => {
          setCategory(next);
          setPage(1);
        }}
      />
      {denied && <NotPermitted operation={denied} permissions={permissions} />}
      <InstallingView installing={installing} onReplace={() => last && void install(last, { replace: true })} />
      {error && <ErrorView error={error} onRetry={() => void reload()} />}
      <p role="status" class="hint">
        {data ? `${data.total} ${data.total === 1 ? 'pack' : 'packs'}` : 'Asking the registry…'}
      </p>
      {data && (
        <ul class="entries">
          {data.results.map((entry) => (
            <EntryView
              key={entry.id}
              entry={entry}
              installed={packs.find(({ name }) => name === entry.name)}
              locked={installing.running}
              onInstall={() => void install(entry)}
            />
          ))}
        </ul>
      )}
      {data && <Pager reply={data} onPage={setPage} />}
    </div>
  );
}
