// Packs: all of them, and everything about one.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button, Empty, ErrorView } from '../components';
import { useLive } from '../live';
import { addressOf, useRoute } from '../route';
import { call } from '../rpc';
import { AddDialog } from './customize/add_dialog';
import { PackDetail } from './customize/detail';
import { PackListView } from './customize/list';
import { categoriesOf, grouped, isNarrowed, type Filter } from './customize/pack_list';
import type { Pack, PackUpdate, Updates } from './customize/pack';
import type { Permissions } from './customize/permission';
import { Problems } from './customize/problems';
import { useSwitching } from './customize/switching';
import { Toolbar } from './customize/toolbar';
import './pages.css';

const noFilter: Filter = { text: '', conditions: new Set(), category: '' };

/** List and detail stand side by side from here on; pages.css says the same. */
const isWide = () => matchMedia('(min-width: 900px)').matches;

async function findUpdates(): Promise<Updates> {
  try {
    const updates = await call<PackUpdate[]>('pluginPack:checkUpdates');
    return new Map(updates.map(({ name, latestVersion }) => [name, latestVersion]));
  } catch {
    // Without a registry, or without a way to it, nobody knows of updates; the Add dialog says why.
    return new Map();
  }
}

const noUpdates: Updates = new Map();

/** The focus goes back to the row that was left, when its list comes back to the screen. */
function useFocusOnReturn(chosen: string | undefined): void {
  const before = useRef(chosen);
  useEffect(() => {
    const left = before.current;
    before.current = chosen;
    if (left !== undefined && chosen === undefined && !isWide()) document.getElementById(`row-${left}`)?.focus();
  }, [chosen]);
}

function NoSuchPack({ name }: { name: string }) {
  return (
    <Empty title={`No pack “${name}”`}>
      <p>It may have been uninstalled meanwhile.</p>
    </Empty>
  );
}

export function CustomizePage() {
  const { rest } = useRoute();
  const chosen = rest[0];
  const list = useLive(
    () => call<Pack[]>('pluginPack:list'),
    ['catalog-changed', 'pack-state-changed', 'policy-changed'],
  );
  const policy = useLive(() => call<{ general: Permissions }>('admin:policiesGet'), ['policy-changed']);
  const updates = useLive(findUpdates, ['catalog-changed']).data ?? noUpdates;
  const [filter, setFilter] = useState(noFilter);
  const [adding, setAdding] = useState(false);
  const switching = useSwitching(list.reload);
  useFocusOnReturn(chosen);

  const packs = list.data ?? [];
  const groups = useMemo(() => grouped(packs, filter, updates), [packs, filter, updates]);
  const pack = packs.find(({ name }) => name === chosen);
  const permissions = policy.data?.general;

  const onAdded = async (packName: string) => {
    await list.reload();
    // A pack that was made in another directory is none of this host's.
    const found = await call<Pack | null>('pluginPack:get', [packName]).catch(() => null);
    setAdding(false);
    if (found) location.hash = addressOf('customize', packName);
  };

  return (
    <div class={chosen === undefined ? 'customize' : 'customize customize-chosen'}>
      <div class="page-head">
        <h1>Customize</h1>
        <Button kind="primary" onClick={() => setAdding(true)}>
          Add a pack
        </Button>
      </div>
      <div class="customize-list">
        {list.error && <ErrorView error={list.error} onRetry={() => void list.reload()} />}
        <Toolbar
          packs={packs}
          updates={updates}
          categories={categoriesOf(packs)}
          filter={filter}
          onFilter={setFilter}
        />
        {list.data && (
          <PackListView
            groups={groups}
            orgName={permissions?.orgName}
            narrowed={isNarrowed(filter)}
            updates={updates}
            chosen={chosen}
            query={filter.text}
            switching={switching}
            onShowAll={() => setFilter(noFilter)}
          />
        )}
        <Problems />
      </div>
      <div class="customize-detail">
        {chosen !== undefined && (
          <a class="back" href={addressOf('customize')}>
            ‹ All packs
          </a>
        )}
        {pack && (
          <PackDetail
            key={pack.name}
            pack={pack}
            latest={updates.get(pack.name)}
            switching={switching}
            takeFocus={!isWide()}
            onChanged={list.reload}
          />
        )}
        {!pack && chosen !== undefined && list.data && <NoSuchPack name={chosen} />}
        {chosen === undefined && packs.length > 0 && <Empty title="Choose a pack to see what it brings" />}
      </div>
      {adding && (
        <AddDialog packs={packs} permissions={permissions} onClose={() => setAdding(false)} onAdded={onAdded} />
      )}
    </div>
  );
}
