/** The one origin of the studio's page, and what follows from it. Plain functions, so that the policy is tested without Electron. */
export const SCHEME = 'lacuna';
export const ORIGIN = `${SCHEME}://studio`;
export const START_URL = `${ORIGIN}/`;

/** Sites whose pages the studio may show in the user's own browser. */
const EXTERNAL_HOSTS = new Set(['github.com', 'doi.org', 'onnxruntime.ai', 'fastmri.med.nyu.edu', 'ismrmrd.readthedocs.io']);

/** True for addresses of the studio itself; the parsed parts are compared, never a prefix of the text. */
export function isOwnUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && url.protocol === `${SCHEME}:` && url.host === 'studio' && url.username === '' && url.password === '' && url.port === ''
  );
}

/** May `shell.openExternal` be called with it? https on the list of hosts, nothing else. */
export function mayOpenExternally(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === '' && EXTERNAL_HOSTS.has(url.host);
}

/** The page may write to the clipboard (copying an image, a receipt); everything else is denied. */
export function isPermissionAllowed(permission: string, requestingUrl: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOwnUrl(requestingUrl);
}

/** May the page load it? The studio is offline: its own address, and data it made itself. */
export function isRequestAllowed(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return isOwnUrl(text) || url.protocol === 'blob:' || url.protocol === 'data:' || url.protocol === 'devtools:';
}
