// Switching packs and skills: shown at once, snapped back with the rule when the host refuses.
import { useCallback, useState } from 'preact/hooks';
import { toastError } from '../../components';
import { call } from '../../rpc';
import type { Pack, Skill } from './pack';

export interface Switching {
  /** What the switch shows now. */
  packOn: (pack: Pack) => boolean;
  skillOn: (pack: Pack, skill: Skill) => boolean;
  isBusy: (packName: string, skillId?: string) => boolean;
  switchPack: (pack: Pack, enabled: boolean) => void;
  switchSkill: (pack: Pack, skill: Skill, enabled: boolean) => void;
}

const keyOf = (packName: string, skillId?: string) => JSON.stringify([packName, skillId ?? null]);

/** `reload` brings the host's state; it is awaited, so that a switch never shows the old state in between. */
export function useSwitching(reload: () => Promise<void>): Switching {
  const [wanted, setWanted] = useState<ReadonlyMap<string, boolean>>(new Map());

  const apply = useCallback(
    async (key: string, enabled: boolean, method: string, params: unknown[]) => {
      setWanted((before) => new Map(before).set(key, enabled));
      try {
        await call(method, params);
      } catch (fault) {
        toastError(fault);
      }
      await reload();
      setWanted((before) => {
        const after = new Map(before);
        after.delete(key);
        return after;
      });
    },
    [reload],
  );

  return {
    packOn: (pack) => wanted.get(keyOf(pack.name)) ?? pack.enabled,
    skillOn: (pack, skill) => wanted.get(keyOf(pack.name, skill.id)) ?? skill.enabled,
    isBusy: (packName, skillId) => wanted.has(keyOf(packName, skillId)),
    switchPack: (pack, enabled) => void apply(keyOf(pack.name), enabled, 'pluginPack:toggle', [pack.name, enabled]),
    switchSkill: (pack, skill, enabled) =>
      void apply(keyOf(pack.name, skill.id), enabled, 'pluginPack:toggleSkill', [pack.name, skill.id, enabled]),
  };
}
