import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is answered to a question of the page; a text is what is wrong with the question. */
export type Answer = object | string;

export type Desk = {
  /** The page, given the address at which it asks. */
  readonly page: (address: string) => string;
  readonly answer: (question: unknown) => Answer;
};

/**
 * Serves one page and answers its questions, on this machine only: it listens on the loopback interface, wants the token that stands in the
 * address which was printed, wants to be called by its own name (so that no name of somebody else's can be made to lead
 * here), and answers no page of another origin. Port 0: any that is free.
 */
export const serve = async (desk: Desk, port: number): Promise<{ readonly url: string; readonly server: Server }> => {
  const token = randomBytes(16).toString('hex');
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    respond(desk, { host: `127.0.0.1:${port}`, token }, request, response).catch((error: unknown) => {
      server.emit('error', error);
      response.destroy();
    });
  });
  await new Promise<void>((listening, refused) => {
    server.once('error', refused);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refused);
      listening();
    });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=${token}`, server };
};

type Door = { readonly host: string; readonly token: string };

const respond = async (desk: Desk, door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const refused = refusal(door, request);
  if (refused !== null) return send(response, refused, 'text/plain', 'Not for you.\n');
  if (request.method === 'GET') return send(response, 200, 'text/html', desk.page(`/?token=${door.token}`));
  const text = await bodyOf(request);
  const question = text === null ? undefined : parsed(text);
  if (question === undefined) return send(response, 400, 'application/json', '{"complaint":"no JSON"}');
  const answer = desk.answer(question);
  if (typeof answer === 'string') return send(response, 400, 'application/json', JSON.stringify({ complaint: answer }));
  return send(response, 200, 'application/json', JSON.stringify(answer));
};

/** The status with which a request is turned away, or null. */
const refusal = ({ host, token }: Door, { headers, url = '', method }: IncomingMessage): number | null => {
  if (headers.host !== host) return 403;
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) return 403;
  const asked = new URL(url, `http://${host}`);
  if (!sameText(asked.searchParams.get('token') ?? '', token)) return 403;
  if (asked.pathname !== '/') return 404;
  return method === 'GET' || method === 'POST' ? null : 405;
};

const sameText = (a: string, b: string): boolean =>
  Buffer.byteLength(a) === Buffer.byteLength(b) && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** More than any path is long. */
const MOST = 100_000;

const bodyOf = async (request: IncomingMessage): Promise<string | null> => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > MOST) return null;
  }
  return text;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const send = (response: ServerResponse, status: number, type: string, text: string): void => {
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // What is left of a question that was turned away must not be taken for the next one.
    ...(status === 200 ? {} : { Connection: 'close' }),
  });
  response.end(text);
};
