/** What main and host have to say to each other beside HTTP: grants of handles, and processes that only main can start. */
import { z } from 'zod';

/** The common part of Electron's ParentPort, UtilityProcess and Node's MessagePort, without their event wrappers. */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

const number = z.int().positive();

export const toHostSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('grant'),
    id: number,
    grant: z.strictObject({ handle: z.string().max(64), path: z.string().max(4096), kind: z.enum(['open', 'save']) }),
  }),
  z.strictObject({ type: z.literal('child-ready'), child: number, endpoint: z.string(), pid: z.int().optional() }),
  z.strictObject({
    type: z.literal('child-exited'),
    child: number,
    exit: z.object({ code: z.number().nullable(), signal: z.string().nullable(), stderr: z.string().optional() }),
  }),
  z.strictObject({ type: z.literal('stop') }),
]);
export type ToHost = z.infer<typeof toHostSchema>;

export const toMainSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), exportsFolder: z.string() }),
  z.strictObject({ type: z.literal('granted'), id: number }),
  z.strictObject({ type: z.literal('spawn'), child: number }),
  z.strictObject({ type: z.literal('end-child'), child: number, how: z.enum(['stop', 'kill']) }),
]);
export type ToMain = z.infer<typeof toMainSchema>;

/** Calls `listener` with what is well-formed; anything else is not for us. */
export function listen<M>(port: Port, schema: z.ZodType<M>, listener: (message: M) => void): void {
  port.onMessage((message) => {
    const parsed = schema.safeParse(message);
    if (parsed.success) listener(parsed.data);
  });
}
