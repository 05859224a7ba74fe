import { unreachable, type Reply, type Request, type Transport } from './failures';

// The little of Node that is used here; its types are no dependency of a page.
interface NodeSocket {
  setEncoding(encoding: string): void;
  on(event: string, listener: (part: never) => void): void;
  write(text: string): void;
  destroy(): void;
  ref(): void;
  unref(): void;
}
interface NodeNet {
  connect(path: string): NodeSocket;
}
declare const require: ((name: string) => unknown) | undefined;
declare const process: { getBuiltinModule?: (name: string) => unknown } | undefined;

function loadNet(): NodeNet {
  const found =
    (typeof process === 'object' && process.getBuiltinModule?.('node:net')) ||
    (typeof require === 'function' && require('node:net'));
  if (!found) throw new Error('a Unix socket needs Node');
  return found as NodeNet;
}

interface Waiting {
  resolve: (reply: Reply) => void;
  reject: (fault: unknown) => void;
}

/** One connection with the requests that wait for an answer on it. */
class Connection {
  open = true;
  private readonly waiting = new Map<number, Waiting>();
  private readonly socket: NodeSocket;
  private unread = '';

  constructor(path: string) {
    this.socket = loadNet().connect(path);
    this.socket.setEncoding('utf8');
    this.socket.on('data', (part: string) => this.read(part));
    this.socket.on('error', (fault: Error) => this.end(fault));
    this.socket.on('close', () => this.end(new Error('the connection was closed')));
  }

  ask(request: Request): Promise<Reply> {
    // An idle connection does not keep the process alive.
    this.socket.ref();
    return new Promise((resolve, reject) => {
      this.waiting.set(request.id, { resolve, reject });
      this.socket.write(JSON.stringify(request) + '\n');
    });
  }

  private read(part: string): void {
    const lines = (this.unread + part).split('\n');
    this.unread = lines.pop()!;
    for (const line of lines) if (line !== '') this.answer(line);
  }

  private answer(line: string): void {
    let reply: Reply;
    try {
      reply = JSON.parse(line) as Reply;
    } catch (fault) {
      return this.end(fault);
    }
    const waiting = typeof reply.id === 'number' ? this.waiting.get(reply.id) : undefined;
    if (!waiting) return;
    this.waiting.delete(reply.id as number);
    if (this.waiting.size === 0) this.socket.unref();
    waiting.resolve(reply);
  }

  private end(fault: unknown): void {
    if (!this.open) return;
    this.open = false;
    this.socket.destroy();
    for (const { reject } of this.waiting.values()) reject(unreachable(fault));
    this.waiting.clear();
  }
}

/** Over the Unix socket at `path`, one document a line; connects with the first call, and anew after the host ended. */
export function socketTransport(path: string): Transport {
  let connection: Connection | undefined;
  return async (request) => {
    if (!connection?.open) {
      try {
        connection = new Connection(path);
      } catch (fault) {
        throw unreachable(fault);
      }
    }
    return connection.ask(request);
  };
}
