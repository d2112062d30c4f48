/** Serves the built renderer. A path is resolved first and then checked to lie inside the folder. */
import { open } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
};

/** The file for a URL path, or null (404) where there is none, it lies outside, or its type is not served. */
export async function staticFile(folder: string, urlPath: string): Promise<Response | null> {
  let path: string;
  try {
    path = decodeURIComponent(urlPath === '/' ? '/index.html' : urlPath);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const root = resolve(folder);
  const full = resolve(root, `.${sep}${path}`);
  if (!full.startsWith(root + sep)) return null;
  const type = TYPES[extname(full)];
  if (type === undefined) return null;
  try {
    const file = await open(full);
    try {
      if (!(await file.stat()).isFile()) return null;
      // Vite's assets carry a hash in their name; the page itself must be asked for each time.
      const caching = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      return new Response(await file.readFile(), { headers: { 'content-type': type, 'cache-control': caching } });
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
