import { describe, expect, it } from 'vitest';
import { isOwnUrl, isPermissionAllowed, isRequestAllowed, mayOpenExternally } from '../../electron/origin.ts';

describe('navigation policy', () => {
  it.each(['lacuna://studio/', 'lacuna://studio/api/jobs?x=1', 'lacuna://studio/assets/a.js#b'])('%s is ours', (url) => {
    expect(isOwnUrl(url)).toBe(true);
    expect(isRequestAllowed(url)).toBe(true);
  });

  it.each([
    'https://studio/',
    'lacuna://studio.evil.com/',
    'lacuna://evil/studio/',
    'lacuna://studio@evil/',
    'lacuna://user@studio/',
    'lacuna://studio:80/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'lacuna:studio',
    '',
  ])('%s is not', (url) => {
    expect(isOwnUrl(url)).toBe(false);
    expect(isRequestAllowed(url)).toBe(false);
  });

  it('lets the page load what it made itself, and nothing from the network', () => {
    expect(isRequestAllowed('blob:lacuna://studio/1-2-3')).toBe(true);
    expect(isRequestAllowed('data:image/png;base64,AA==')).toBe(true);
    for (const url of ['https://example.org/', 'http://127.0.0.1:80/', 'ws://localhost/', 'ftp://a/'])
      expect(isRequestAllowed(url)).toBe(false);
  });

  it('opens only https pages of known hosts outside', () => {
    expect(mayOpenExternally('https://doi.org/10.1002/mrm.1')).toBe(true);
    for (const url of [
      'http://doi.org/',
      'https://doi.org.evil.com/',
      'https://evil.com/',
      'file:///bin/sh',
      'lacuna://studio/',
      'https://a@doi.org/',
      'smb://x/y',
    ]) {
      expect(mayOpenExternally(url)).toBe(false);
    }
  });

  it('grants the page the clipboard for writing, and nothing else', () => {
    expect(isPermissionAllowed('clipboard-sanitized-write', 'lacuna://studio/')).toBe(true);
    expect(isPermissionAllowed('clipboard-sanitized-write', 'https://evil.com/')).toBe(false);
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'usb', 'fullscreen', 'openExternal']) {
      expect(isPermissionAllowed(permission, 'lacuna://studio/')).toBe(false);
    }
  });
});
