// The ways in which packs come in, one tab each.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Dialog, toast } from '../../components';
import { AddNew } from './add_new';
import { AddRegistry } from './add_registry';
import { AddAddress, AddPath } from './add_source';
import { installedWords, useInstalling, type InstallReply } from './installing';
import type { Pack } from './pack';
import type { Permissions } from './permission';

const tabs = [
  ['registry', 'Registry'],
  ['address', 'Git or URL'],
  ['path', 'This machine'],
  ['new', 'Create new'],
] as const;
type Tab = (typeof tabs)[number][0];

interface TabsProps {
  current: Tab;
  locked: boolean;
  onChoose: (tab: Tab) => void;
  children: ComponentChildren;
}

function Tabs({ current, locked, onChoose, children }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || locked) return;
    event.preventDefault();
    const at = tabs.findIndex(([tab]) => tab === current);
    const next = (at + step + tabs.length) % tabs.length;
    onChoose(tabs[next]![0]);
    list.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label="Where from" ref={list} onKeyDown={move}>
        {tabs.map(([tab, title]) => (
          <button
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-selected={tab === current}
            aria-controls={tab === current ? 'tab-panel' : undefined}
            aria-disabled={locked && tab !== current ? true : undefined}
            tabIndex={tab === current ? 0 : -1}
            onClick={() => !locked && onChoose(tab)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${current}`}>
        {children}
      </div>
    </>
  );
}

interface AddDialogProps {
  packs: readonly Pack[];
  permissions: Permissions | undefined;
  onClose: () => void;
  /** Shows the pack that came in. */
  onAdded: (packName: string) => Promise<void>;
}

export function AddDialog({ packs, permissions, onClose, onAdded }: AddDialogProps) {
  const [tab, setTab] = useState<Tab>('registry');
  const installing = useInstalling();
  const choose = (next: Tab) => {
    installing.forget();
    setTab(next);
  };
  const shared = {
    installing,
    permissions,
    onInstalled: async (reply: InstallReply) => {
      toast(installedWords(reply));
      await onAdded(reply.packName);
    },
  };
  return (
    <Dialog
      wide
      title="Add a pack"
      // What is under way ends by its own button: a slip of Escape should not throw a download away.
      onClose={() => !installing.running && onClose()}
    >
      <Tabs current={tab} locked={installing.running} onChoose={choose}>
        {tab === 'registry' && <AddRegistry packs={packs} {...shared} />}
        {tab === 'address' && <AddAddress {...shared} />}
        {tab === 'path' && <AddPath {...shared} />}
        {tab === 'new' && <AddNew permissions={permissions} onCreated={onAdded} />}
      </Tabs>
    </Dialog>
  );
}
