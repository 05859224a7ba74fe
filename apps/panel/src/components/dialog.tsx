import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button';

interface DialogProps {
  title: string;
  wide?: boolean;
  /** Long, and nothing inside takes the focus: it has to take it itself, to be scrolled by keyboard. */
  readable?: boolean;
  onClose: () => void;
  /** Buttons at the foot, in reading order. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A modal dialog while it is rendered; Escape and the cross ask to close it, and focus goes back where it was. */
export function Dialog({ title, wide = false, readable = false, onClose, actions, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current!;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header class="dialog-head">
        <h2 id={heading}>{title}</h2>
        <Button kind="quiet" class="button-icon" aria-label="Close" onClick={onClose}>
          ✕
        </Button>
      </header>
      <div class="dialog-body" tabIndex={readable ? 0 : -1}>
        {children}
      </div>
      {actions && <footer class="dialog-foot">{actions}</footer>}
    </dialog>
  );
}
