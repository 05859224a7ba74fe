import { useEffect, useState } from 'preact/hooks';
import { RpcError } from '../rpc';
import { Button } from './button';

interface Message {
  id: number;
  kind: 'status' | 'error';
  text: string;
  details: string[];
}

const shownMs = 6000;
let messages: Message[] = [];
let nextId = 0;
let changed: () => void = () => {};

function dismiss(id: number): void {
  messages = messages.filter((message) => message.id !== id);
  changed();
}

/** Says that something was done. Goes away by itself. */
export function toast(text: string): void {
  const id = ++nextId;
  messages = [...messages.filter((message) => message.text !== text), { id, kind: 'status', text, details: [] }];
  changed();
  setTimeout(() => dismiss(id), shownMs);
}

/** Says that something failed: what, why, and what to try. Stays until it is dismissed. */
export function toastError(fault: unknown): void {
  const error = fault instanceof RpcError ? fault : new RpcError(String(fault), { code: 'internal' });
  const details = [error.why, error.try && `Try: ${error.try}`].filter((text): text is string => !!text);
  messages = [...messages.filter(({ text }) => text !== error.message)];
  messages.push({ id: ++nextId, kind: 'error', text: error.message, details });
  changed();
}

function List({ kind, shown }: { kind: Message['kind']; shown: Message[] }) {
  return (
    <div role={kind === 'error' ? 'alert' : 'status'} class="toast-list">
      {shown
        .filter((message) => message.kind === kind)
        .map((message) => (
          <div key={message.id} class={`toast toast-${message.kind}`}>
            <div>
              <strong>{message.text}</strong>
              {message.details.map((text) => (
                <div class="toast-detail">{text}</div>
              ))}
            </div>
            <Button kind="quiet" class="button-icon" aria-label="Dismiss" onClick={() => dismiss(message.id)}>
              ✕
            </Button>
          </div>
        ))}
    </div>
  );
}

/** To be rendered once, at the end of the page. */
export function Toasts() {
  const [shown, setShown] = useState(messages);
  useEffect(() => {
    changed = () => setShown(messages);
    changed();
  }, []);
  return (
    <div class="toasts">
      <List kind="status" shown={shown} />
      <List kind="error" shown={shown} />
    </div>
  );
}
