/** Routes and their OpenAPI description from one definition. */
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { PRODUCT, VERSION } from '../version.ts';
import { jsonBody } from './requests.ts';

type Method = 'get' | 'post' | 'put' | 'delete';

export interface RouteInfo<B extends z.ZodType> {
  readonly summary: string;
  /** What comes back: a type name of contract.ts, or a media type. */
  readonly returns: string;
  readonly media?: string;
  readonly body?: B;
  /** Media type of a raw body. */
  readonly rawBody?: string;
  readonly query?: Readonly<Record<string, string>>;
}

interface Described {
  readonly method: Method;
  readonly path: string;
  readonly info: RouteInfo<z.ZodType>;
}

export class Api {
  readonly #app: Hono;
  readonly #routes: Described[] = [];

  constructor(app: Hono) {
    this.#app = app;
  }

  /** `path` as `/recordings/:id`, below `/api`. The body is checked before the handler runs. */
  add<B extends z.ZodType>(method: Method, path: string, info: RouteInfo<B>, handle: (context: Context, body: z.infer<B>) => Response | Promise<Response>): void {
    this.#routes.push({ method, path, info });
    this.#app[method](`/api${path}`, async (context) => {
      const body = info.body === undefined ? undefined : await jsonBody(context.req.raw, info.body);
      return handle(context, body as z.infer<B>);
    });
  }

  /** OpenAPI 3.1. */
  describe(): unknown {
    const paths: Record<string, Record<string, unknown>> = {};
    for (const { method, path, info } of this.#routes) {
      const key = `/api${path.replace(/:(\w+)/g, '{$1}')}`;
      paths[key] = { ...paths[key], [method]: operation(path, info) };
    }
    return { openapi: '3.1.0', info: { title: `${PRODUCT} host`, version: VERSION }, paths };
  }
}

function operation(path: string, info: RouteInfo<z.ZodType>): unknown {
  const inPath = [...path.matchAll(/:(\w+)/g)].map((m) => ({ name: m[1], in: 'path', required: true, schema: { type: 'string' } }));
  const inQuery = Object.entries(info.query ?? {}).map(([name, description]) => ({ name, in: 'query', description, schema: { type: 'string' } }));
  const media = info.media ?? 'application/json';
  const problem = { description: 'RFC 9457 problem', content: { 'application/problem+json': {} } };
  return {
    summary: info.summary,
    parameters: [...inPath, ...inQuery],
    ...(info.body === undefined
      ? info.rawBody === undefined
        ? {}
        : { requestBody: { required: true, content: { [info.rawBody]: {} } } }
      : { requestBody: { required: true, content: { 'application/json': { schema: z.toJSONSchema(info.body, { io: 'input', unrepresentable: 'any' }) } } } }),
    responses: { 200: { description: info.returns, content: { [media]: {} } }, default: problem },
  };
}

export function npy(bytes: Uint8Array, immutable = false): Response {
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': 'application/x-npy', 'cache-control': immutable ? 'private, max-age=31536000, immutable' : 'no-store' },
  });
}

export function ndjson(stream: ReadableStream<Uint8Array>): Response {
  return new Response(stream, { headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' } });
}
