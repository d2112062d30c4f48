/** The provider probe graph as bytes, so that it needs no file beside the bundle. Made by test/fixtures/scripts/onnx_graphs.py. */
const BASE64 = [
  'CAkSBmxhY3VuYTqhAwoRCgFhCgFiEgF5IgZNYXRNdWwKOQoBeAoBdxIBYyIEQ29udioVCgxrZXJuZWxfc2hhcGVAA0ADoAEHKhEK',
  'BHBhZHNAAUABQAFAAaABBwoiCgFjEgF6IglMZWFreVJlbHUqDwoFYWxwaGEVzczMPaABAQo+CgF6EgZlbmVyZ3kiD1JlZHVjZVN1',
  'bVNxdWFyZSoPCgRheGVzQAFAAkADoAEHKg8KCGtlZXBkaW1zGACgAQISBXByb2JlWhUKAWESEAoOCAESCgoDEgFtCgMSAWtaFQoB',
  'YhIQCg4IARIKCgMSAWsKAxIBblouCgF4EikKJwgBEiMKAggBCgoSCGNoYW5uZWxzCgYSBHJvd3MKCRIHY29sdW1uc1orCgF3EiYK',
  'JAgBEiAKChIIZmVhdHVyZXMKChIIY2hhbm5lbHMKAggDCgIIA2IVCgF5EhAKDggBEgoKAxIBbQoDEgFuYi4KAXoSKQonCAESIwoC',
  'CAEKChIIZmVhdHVyZXMKBhIEcm93cwoJEgdjb2x1bW5zYhQKBmVuZXJneRIKCggIARIECgIIAUIECgAQEQ==',
].join('');

/** Inputs a [m, k], b [k, n], x [1, c, h, w], w [f, c, 3, 3]; outputs y = a·b, z = LeakyRelu(x ∗ w), energy = Σ z². */
export const PROBE_GRAPH: Uint8Array = Buffer.from(BASE64, 'base64');
