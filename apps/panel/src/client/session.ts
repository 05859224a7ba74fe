// The session of a page: a one-time code in the fragment of the address is exchanged for a token, which stays in
// sessionStorage (of this tab alone) and nowhere else.

const tokenKey = 'cowork.token';
const codePattern = /(?:^#|&)code=([0-9a-f]{64})(?:&|$)/;

/** The code in a fragment such as `#code=…`, or undefined. */
export function codeOf(fragment: string): string | undefined {
  return codePattern.exec(fragment)?.[1];
}

export function storedToken(): string | undefined {
  try {
    return sessionStorage.getItem(tokenKey) ?? undefined;
  } catch {
    return undefined;
  }
}

export function storeToken(token: string | undefined): void {
  try {
    if (token === undefined) sessionStorage.removeItem(tokenKey);
    else sessionStorage.setItem(tokenKey, token);
  } catch {
    // A page without storage keeps its session for as long as it is open.
  }
}

async function exchange(code: string): Promise<string | undefined> {
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  if (!answer.ok) return undefined;
  return ((await answer.json()) as { token: string }).token;
}

/**
 * Takes the code out of the address, so that it is in no bookmark and no screenshot, and exchanges it. Without a code,
 * and with one that is used up, the token that this tab already has.
 */
export async function openSession(): Promise<string | undefined> {
  const code = codeOf(location.hash);
  if (code === undefined) return storedToken();
  history.replaceState(null, '', location.pathname + location.search);
  const token = await exchange(code);
  if (token !== undefined) storeToken(token);
  return token ?? storedToken();
}
