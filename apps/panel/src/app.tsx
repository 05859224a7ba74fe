import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Badge, Button, Empty, Toasts, type Tone } from './components';
import { useConnection } from './live';
import { ActivityPage } from './pages/activity';
import { ChainPage } from './pages/chain';
import { CustomizePage } from './pages/customize';
import { PoliciesPage } from './pages/policies';
import { addressOf, useRoute } from './route';
import { start, type ConnectionState } from './rpc';
import { changeSettings, useSettings, type Density, type Theme } from './settings';

const pages = [
  { id: 'customize', title: 'Customize', view: CustomizePage, powerOnly: false },
  { id: 'policies', title: 'Admin Policies', view: PoliciesPage, powerOnly: true },
  { id: 'activity', title: 'Activity', view: ActivityPage, powerOnly: false },
  { id: 'chain', title: 'Chain', view: ChainPage, powerOnly: false },
] as const;

const connectionTexts: Record<ConnectionState, { text: string; tone: Tone }> = {
  starting: { text: 'Connecting…', tone: 'neutral' },
  connecting: { text: 'Connecting…', tone: 'neutral' },
  open: { text: 'Connected', tone: 'ok' },
  offline: { text: 'Host not reachable', tone: 'danger' },
  'no-session': { text: 'No session', tone: 'warning' },
};

function Choice<T extends string>(props: {
  legend: string;
  name: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset class="choice">
      <legend>{props.legend}</legend>
      {props.options.map(([value, text]) => (
        <label>
          <input
            type="radio"
            name={props.name}
            checked={props.value === value}
            onChange={() => props.onChange(value)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

const themes = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;
const densities = [
  ['comfortable', 'Comfortable'],
  ['power', 'Power'],
] as const;

function Display() {
  const { theme, density } = useSettings();
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const closeOutside = (event: Event) => {
      if (details.current && !details.current.contains(event.target as Node)) details.current.open = false;
    };
    addEventListener('click', closeOutside);
    return () => removeEventListener('click', closeOutside);
  }, []);
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !details.current?.open) return;
    details.current.open = false;
    details.current.querySelector('summary')!.focus();
  };
  return (
    <details class="display" ref={details} onKeyDown={closeOnEscape}>
      <summary>Display</summary>
      <div class="display-body">
        <Choice<Theme> legend="Theme" name="theme" value={theme} options={themes} onChange={(theme) => changeSettings({ theme })} />
        <Choice<Density>
          legend="Density"
          name="density"
          value={density}
          options={densities}
          onChange={(density) => changeSettings({ density })}
        />
        <p class="hint">Admin Policies shows in Power density.</p>
      </div>
    </details>
  );
}

function NoSession() {
  return (
    <main id="main" class="page" tabIndex={-1}>
      <h1 class="visually-hidden">No session</h1>
      <Empty title="This page has no session with the host">
        <p>Open the console from a terminal; the link that it prints works once, for one minute:</p>
        <p>
          <code>cowork open</code>
        </p>
      </Empty>
    </main>
  );
}

function Offline() {
  return (
    <main id="main" class="page" tabIndex={-1}>
      <h1 class="visually-hidden">Host not reachable</h1>
      <Empty title="The host cannot be reached">
        <p>
          Start it with <code>cowork serve</code>, then run <code>cowork open</code>.
        </p>
        <Button onClick={() => void start()}>Try again</Button>
      </Empty>
    </main>
  );
}

function Navigation({ current }: { current: string }) {
  const { density } = useSettings();
  return (
    <nav class="navigation" aria-label="Pages">
      {pages
        .filter((page) => !page.powerOnly || density === 'power')
        .map(({ id, title }) => (
          <a href={addressOf(id)} aria-current={current === id ? 'page' : undefined}>
            {title}
          </a>
        ))}
    </nav>
  );
}

function Page({ id, started }: { id: string; started: boolean }) {
  const connection = useConnection();
  const { density } = useSettings();
  if (connection === 'no-session') return <NoSession />;
  if (connection === 'offline' && !started) return <Offline />;
  if (connection === 'starting') return <main id="main" class="page" aria-busy="true" />;
  const page = pages.find((candidate) => candidate.id === id)!;
  if (page.powerOnly && density !== 'power') {
    return (
      <main id="main" class="page" tabIndex={-1}>
        <h1>{page.title}</h1>
        <Empty title={`${page.title} shows in Power density`}>
          <Button kind="primary" onClick={() => changeSettings({ density: 'power' })}>
            Switch to Power density
          </Button>
        </Empty>
      </main>
    );
  }
  const View = page.view;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <View />
    </main>
  );
}

let everConnected = false;

export function App() {
  const connection = useConnection();
  const { page } = useRoute();
  const current = pages.find(({ id }) => id === page) ?? pages[0];
  if (connection === 'connecting' || connection === 'open') everConnected = true;
  useLayoutEffect(() => {
    document.title = `${current.title} · Cowork`;
  }, [current.title]);
  const { text, tone } = connectionTexts[connection];
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to content
      </a>
      <header class="side">
        <div class="brand">Cowork</div>
        <Navigation current={current.id} />
        <div class="side-foot">
          <div role="status" class="connection">
            <Badge tone={tone}>{text}</Badge>
          </div>
          <Display />
        </div>
      </header>
      <Page id={current.id} started={everConnected} />
      <Toasts />
    </div>
  );
}
