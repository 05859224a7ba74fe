// Addresses inside the console: `#/customize/engineering-pack` is the page `customize` and the rest `engineering-pack`.
import { useEffect, useState } from 'preact/hooks';

export interface Route {
  page: string;
  /** Path segments behind the page, decoded. */
  rest: string[];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function parseRoute(hash: string): Route {
  const [page = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  return { page, rest: rest.filter((segment) => segment !== '') };
}

export function addressOf(page: string, ...rest: string[]): string {
  return '#/' + [page, ...rest].map(encodeURIComponent).join('/');
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = () => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}
