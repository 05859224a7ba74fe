import { hostError, unreachable, withoutSession, type Reply, type Transport } from './failures';

/** Over `POST /rpc` of `address` (empty: of this page's host), with the token that `session` gives. */
export function httpTransport(address: string, session: () => Promise<string | undefined>): Transport {
  return async (request) => {
    let answer: Response;
    try {
      const token = await session();
      if (token === undefined) throw withoutSession();
      answer = await fetch(`${address}/rpc`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify(request),
      });
    } catch (fault) {
      if ((fault as { code?: unknown }).code === 'no-session') throw fault;
      throw unreachable(fault);
    }
    if (answer.status === 401) throw withoutSession();
    try {
      return (await answer.json()) as Reply;
    } catch {
      throw hostError(`The host answered with HTTP status ${answer.status}`, { code: 'internal' });
    }
  };
}
