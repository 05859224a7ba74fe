// The packs under their tiers.
import { useState } from 'preact/hooks';
import { Badge, Button, Empty, Switch } from '../../components';
import { addressOf } from '../../route';
import { lockReason, shortIcon, type Pack, type Updates } from './pack';
import { foundSkill, type Group } from './pack_list';
import type { Switching } from './switching';

/** Rows of a group that are shown at first, and each time that more are asked for. */
const rowsAtOnce = 200;

export function PackBadges({ pack, latest }: { pack: Pack; latest: string | undefined }) {
  return (
    <>
      {pack.policyBlocked && <Badge tone="danger">Blocked</Badge>}
      {pack.policyRequired && <Badge tone="info">Required</Badge>}
      {(pack.state === 'error' || pack.state === 'quarantined') && (
        <Badge tone="danger">{pack.state === 'error' ? 'Error' : 'Quarantined'}</Badge>
      )}
      {latest !== undefined && <Badge tone="warning">Update {latest}</Badge>}
    </>
  );
}

export function PackSwitch({
  pack,
  switching,
  describedBy,
}: {
  pack: Pack;
  switching: Switching;
  describedBy?: string;
}) {
  return (
    <Switch
      label={`Enable ${pack.displayName}`}
      describedBy={describedBy}
      checked={switching.packOn(pack)}
      locked={lockReason(pack) !== undefined}
      busy={switching.isBusy(pack.name)}
      onChange={(enabled) => switching.switchPack(pack, enabled)}
    />
  );
}

interface RowProps {
  pack: Pack;
  latest: string | undefined;
  chosen: boolean;
  query: string;
  switching: Switching;
}

function Row({ pack, latest, chosen, query, switching }: RowProps) {
  const reason = lockReason(pack);
  const reasonId = `locked-${pack.name}`;
  const skill = foundSkill(pack, query);
  return (
    <li class={chosen ? 'pack-row pack-row-chosen' : 'pack-row'}>
      <span class="pack-icon" aria-hidden="true">
        {shortIcon(pack.icon, pack.displayName)}
      </span>
      <div class="pack-row-text">
        <a id={`row-${pack.name}`} href={addressOf('customize', pack.name)} aria-current={chosen ? 'true' : undefined}>
          {pack.displayName}
        </a>{' '}
        <span class="pack-version">{pack.version}</span> <PackBadges pack={pack} latest={latest} />
        <p class="pack-description">{pack.description}</p>
        {skill && <p class="hint">Skill: {skill}</p>}
        {reason && (
          <span id={reasonId} class="visually-hidden">
            {reason}
          </span>
        )}
      </div>
      <PackSwitch pack={pack} switching={switching} describedBy={reason && reasonId} />
    </li>
  );
}

interface GroupProps {
  group: Group;
  orgName: string | undefined;
  narrowed: boolean;
  updates: Updates;
  chosen: string | undefined;
  query: string;
  switching: Switching;
}

function countWords({ packs, total }: Group): string {
  return packs.length === total ? String(total) : `${packs.length} of ${total}`;
}

function GroupView({ group, orgName, narrowed, updates, chosen, query, switching }: GroupProps) {
  const [limit, setLimit] = useState(rowsAtOnce);
  if (group.packs.length === 0 && (narrowed || group.scope !== 'user')) return null;
  const hidden = group.packs.length - limit;
  return (
    <section class="pack-group" aria-labelledby={`group-${group.scope}`}>
      <h2 id={`group-${group.scope}`}>
        {group.title}
        {group.scope === 'organization' && orgName && <span class="org-name"> {orgName}</span>}{' '}
        <span class="count">{countWords(group)}</span>
      </h2>
      {group.packs.length === 0 && <p class="hint">No packs of your own yet. “Add a pack” installs or makes one.</p>}
      <ul>
        {group.packs.slice(0, limit).map((pack) => (
          <Row
            key={pack.name}
            pack={pack}
            latest={updates.get(pack.name)}
            chosen={chosen === pack.name}
            query={query}
            switching={switching}
          />
        ))}
      </ul>
      {hidden > 0 && (
        <Button
          onClick={() => setLimit(limit + rowsAtOnce)}
        >{`Show ${Math.min(hidden, rowsAtOnce)} more of ${hidden}`}</Button>
      )}
    </section>
  );
}

/** Up and down go from row to row, as in any list; Tab goes through the switches too. */
function moveByArrow(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(event.target instanceof HTMLAnchorElement)) return;
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLAnchorElement>('.pack-row a')];
  const next = rows[rows.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

interface ListProps extends Omit<GroupProps, 'group'> {
  groups: readonly Group[];
  onShowAll: () => void;
}

export function PackListView({ groups, onShowAll, ...shared }: ListProps) {
  const shown = groups.reduce((sum, group) => sum + group.packs.length, 0);
  const total = groups.reduce((sum, group) => sum + group.total, 0);
  return (
    <div class="pack-list" onKeyDown={moveByArrow}>
      <p role="status" class="visually-hidden">
        {shared.narrowed ? `${shown} of ${total} packs` : ''}
      </p>
      {groups.map((group) => (
        <GroupView key={group.scope} group={group} {...shared} />
      ))}
      {shown === 0 && shared.narrowed && (
        <Empty title="No pack matches">
          <Button onClick={onShowAll}>Show all packs</Button>
        </Empty>
      )}
    </div>
  );
}
