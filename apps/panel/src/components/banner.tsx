import type { ComponentChildren } from 'preact';
import type { Tone } from './badge';

interface BannerProps {
  tone: Tone;
  title: string;
  /** `alert` interrupts a screen reader; `status` waits. */
  role?: 'alert' | 'status';
  actions?: ComponentChildren;
  children?: ComponentChildren;
}

export function Banner({ tone, title, role = 'status', actions, children }: BannerProps) {
  return (
    <div class={`banner banner-${tone}`} role={role}>
      <div class="banner-text">
        <strong>{title}</strong>
        {children}
      </div>
      {actions && <div class="banner-actions">{actions}</div>}
    </div>
  );
}
