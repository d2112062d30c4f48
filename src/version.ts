/** Version of the product, as in package.json (a test holds them equal). */
export const VERSION = '0.1.0';
export const PRODUCT = 'Lacuna Studio';
export const NOTICE = 'Research use only. Not for diagnostic use.';
