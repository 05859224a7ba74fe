// How the console looks. Presentation only: what may be done is decided by the host.
import { useEffect, useState } from 'preact/hooks';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'power';
export interface Settings {
  theme: Theme;
  density: Density;
}

const key = 'cowork.settings';
const listeners = new Set<() => void>();
let current: Settings = read();

function read(): Settings {
  let stored: Partial<Settings> = {};
  try {
    stored = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Settings>;
  } catch {
    // What cannot be read is as good as nothing stored.
  }
  return {
    theme: stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : 'system',
    density: stored.density === 'power' ? 'power' : 'comfortable',
  };
}

function apply(): void {
  document.documentElement.dataset['theme'] = current.theme;
  document.documentElement.dataset['density'] = current.density;
  for (const listener of [...listeners]) listener();
}

export function changeSettings(change: Partial<Settings>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // Holds for this page only.
  }
  apply();
}

export function startSettings(): void {
  addEventListener('storage', (event) => {
    if (event.key !== key) return;
    current = read();
    apply();
  });
  apply();
}

export function useSettings(): Settings {
  const [settings, setSettings] = useState(current);
  useEffect(() => {
    const changed = () => setSettings(current);
    changed();
    listeners.add(changed);
    return () => void listeners.delete(changed);
  }, []);
  return settings;
}
