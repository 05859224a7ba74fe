import type { ComponentChildren, JSX } from 'preact';

type ButtonProps = JSX.ButtonHTMLAttributes<HTMLButtonElement> & {
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** Something is under way: shown, and a second click does nothing. */
  busy?: boolean;
  children?: ComponentChildren;
};

export function Button({ kind = 'plain', busy = false, class: extra, onClick, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button button-${kind} ${extra ?? ''}`}
      aria-busy={busy}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (!busy) onClick?.(event);
      }}
      {...rest}
    >
      {children}
    </button>
  );
}
