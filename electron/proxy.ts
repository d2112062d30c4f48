/**
 * lacuna:// → the host's private socket. A plain function from web Request to web Response, as Electron's protocol.handle
 * wants it; bodies are streamed both ways and never held here.
 */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { LacunaError, serializeError, toLacunaError } from '../src/errors.ts';
import { CONTENT_SECURITY_POLICY } from '../src/host/security.ts';
import { isOwnUrl } from './origin.ts';

/** Hop-by-hop (RFC 9110 §7.6.1), or ours to set. */
const NOT_FORWARDED = new Set(['connection', 'host', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
/** Statuses whose Response must have no body. */
const BODILESS = new Set([204, 205, 304]);

/** `endpoint` gives the socket of the running host, starting it if need be. The returned function never rejects. */
export function createProxy(endpoint: () => Promise<string>): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!isOwnUrl(request.url)) return problem(request, 404, new LacunaError('usage.not-found', 'There is nothing under this address.'));
    let socketPath: string;
    try {
      socketPath = await endpoint();
    } catch (error) {
      return problem(request, 503, toLacunaError(error));
    }
    try {
      return await forward(request, socketPath);
    } catch (cause) {
      return problem(
        request,
        502,
        new LacunaError('job.interrupted', 'The studio’s host did not answer; it is being restarted.', { cause }),
      );
    }
  };
}

async function forward(request: Request, socketPath: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const outgoing = httpRequest({
    socketPath,
    method: request.method,
    path: pathname + search,
    headers: headersOf(request),
    signal: request.signal,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
  });
  if (request.body === null) outgoing.end();
  else {
    // The host may answer (refuse) and close before the body is sent; what counts then is its answer.
    pipeline(Readable.fromWeb(request.body as NodeReadableStream), outgoing).catch(() => undefined);
  }
  return toResponse(await answered, request.method);
}

function headersOf(request: Request): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { host: 'studio' };
  for (const [name, value] of request.headers) if (!NOT_FORWARDED.has(name)) headers[name] = value;
  return headers;
}

function toResponse(incoming: IncomingMessage, method: string): Response {
  const status = incoming.statusCode ?? 502;
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    const name = incoming.rawHeaders[i] as string;
    if (!NOT_FORWARDED.has(name.toLowerCase())) headers.append(name, incoming.rawHeaders[i + 1] as string);
  }
  // The host sets it on everything; a page must not depend on that.
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', CONTENT_SECURITY_POLICY);
  if (BODILESS.has(status) || method === 'HEAD') {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>, { status, headers });
}

/** RFC 9457 as the host writes it; a page in words where a window asked for one. */
function problem(request: Request, status: number, error: LacunaError): Response {
  const serialized = serializeError(error);
  const wantsPage = request.headers.get('accept')?.includes('text/html') === true;
  const body = wantsPage
    ? failurePage(serialized.message)
    : JSON.stringify({ type: 'about:blank', title: serialized.message, status, ...serialized });
  return new Response(body, {
    status,
    headers: {
      'content-type': wantsPage ? 'text/html; charset=utf-8' : 'application/problem+json',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': 'no-store',
    },
  });
}

function failurePage(message: string): string {
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Lacuna Studio</title><h1>The studio cannot be shown</h1><p>${text}</p><p><a href="/">Try again</a></p></html>`;
}
