import type { RpcError } from '../rpc';
import { Banner } from './banner';
import { Button } from './button';

/** `file:line:column`, with what is known. */
export function placeText(place: { file?: string; line?: number; column?: number } | undefined): string {
  if (!place?.file) return '';
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}

/** An error where content should be: what, why, what to try. */
export function ErrorView({ error, onRetry }: { error: RpcError; onRetry?: () => void }) {
  const place = placeText(error.place);
  return (
    <Banner
      tone="danger"
      role="alert"
      title={error.message}
      actions={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      {error.why && <p>{error.why}</p>}
      {place && (
        <p>
          <code>{place}</code>
        </p>
      )}
      {error.try && (
        <p>
          Try: <code>{error.try}</code>
        </p>
      )}
    </Banner>
  );
}
