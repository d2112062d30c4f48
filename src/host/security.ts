/**
 * Who may talk to the host. Browser shell: a one-time token in the first URL becomes an HttpOnly cookie; Host and Origin
 * must be ours (DNS rebinding, cross-site requests); bodies are limited. Desktop: the private socket is the boundary, and
 * only Origin is checked. Every response carries the strict CSP.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { LacunaError } from '../errors.ts';
import { problemResponse } from './problem.ts';

export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; " +
  "connect-src 'self' data: blob:; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const COOKIE = 'lacuna-session';
const MUTATING = new Set(['POST', 'PUT', 'DELETE', 'PATCH']);

export interface Access {
  /** Token that the first URL carries; spent at first use, after which only the cookie opens. Null for the desktop's private socket. */
  readonly token: string | null;
  /** `127.0.0.1:4711` and the like; requests for another Host are refused. Empty = not checked (private socket). */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
}

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export function guard(access: () => Access): MiddlewareHandler {
  const session = newToken();
  let tokenSpent = false;
  return async (context, next) => {
    const { token, hosts, origins } = access();
    const request = context.req.raw;
    const url = new URL(request.url);
    const host = request.headers.get('host') ?? url.host;
    if (hosts.length > 0 && !hosts.includes(host)) return refuse(`The host name “${host}” is not this studio's.`, 'Host');
    const origin = request.headers.get('origin');
    const allowed = origins.length > 0 ? origins : hosts.map((h) => `http://${h}`);
    if (origin !== null && !allowed.includes(origin)) return refuse('Requests from other sites are refused.', 'Origin');
    if (origin === null && MUTATING.has(request.method) && request.headers.get('sec-fetch-site') === 'cross-site') {
      return refuse('Requests from other sites are refused.', 'Sec-Fetch-Site');
    }
    if (token === null) return next();

    const given = url.searchParams.get('token');
    if (given !== null && url.pathname === '/') {
      if (tokenSpent && !hasSession(request, session)) return refuse('This link was used already; start the studio again for a new one.', 'token');
      if (!tokenSpent && !same(given, token)) return refuse('The token is wrong.', 'token');
      tokenSpent = true;
      return new Response(null, {
        status: 303,
        headers: { location: '/', 'set-cookie': `${COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/`, 'cache-control': 'no-store' },
      });
    }
    const bearer = request.headers.get('authorization');
    if (bearer?.startsWith('Bearer ') && same(bearer.slice(7), token)) return next();
    if (!hasSession(request, session)) return refuse('Open the studio with the link that it printed at start.', 'token');
    return next();
  };
}

/** Headers of every response. Cross-origin isolation lets the renderer use shared memory and precise timers. */
export const headers: MiddlewareHandler = async (context, next) => {
  await next();
  const h = context.res.headers;
  h.set('content-security-policy', CONTENT_SECURITY_POLICY);
  h.set('x-content-type-options', 'nosniff');
  h.set('referrer-policy', 'no-referrer');
  h.set('cross-origin-opener-policy', 'same-origin');
  h.set('cross-origin-embedder-policy', 'require-corp');
  h.set('cross-origin-resource-policy', 'same-origin');
  h.set('permissions-policy', 'camera=(), microphone=(), geolocation=()');
};

/** Reads a body of at most `limit` bytes. Throws usage.too-large before more is kept. */
export async function limitedBody(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = () => new LacunaError('usage.too-large', `The request is larger than the ${limit} bytes allowed here.`, { field: 'body' });
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function refuse(message: string, field: string): Response {
  return problemResponse(new LacunaError('usage.forbidden', message, { field }));
}

function hasSession(request: Request, session: string): boolean {
  const cookies = request.headers.get('cookie')?.split(/;\s*/) ?? [];
  return cookies.some((c) => c.startsWith(`${COOKIE}=`) && same(c.slice(COOKIE.length + 1), session));
}

function same(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}
