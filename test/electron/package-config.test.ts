/** build/electron-builder.yml through electron-builder's own parser, schema and file filters, against the installed packages. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));

type Filter = (file: string, stat: ReturnType<typeof statSync>) => boolean;
interface Matcher {
  createFilter(): Filter;
}
type PlatformKey = 'linux' | 'mac' | 'win';
interface Config extends Record<PlatformKey, { icon: string; target: { target: string; arch: string[] }[] }> {
  files: string[];
  asarUnpack: string[];
  electronFuses: Record<string, boolean>;
  extraResources: unknown[];
}
const { getConfig, validateConfiguration } = builder('app-builder-lib/out/util/config/config') as {
  getConfig(projectDir: string, configPath: string, options: null): Promise<Config>;
  validateConfiguration(config: Config, logger: unknown): Promise<void>;
};
const { getNodeModuleFileMatcher, FileMatcher } = builder('app-builder-lib/out/fileMatcher') as {
  getNodeModuleFileMatcher(from: string, to: string, macro: (text: string) => string, platform: unknown, packager: unknown): Matcher;
  FileMatcher: new (from: string, to: string, macro: (text: string) => string, patterns: readonly string[]) => Matcher;
};
const asItIs = (text: string) => text;

let config: Config;
beforeAll(async () => {
  config = await getConfig(ROOT, 'build/electron-builder.yml', null);
});

/** Files of a package that would be packed for a platform, relative to the project. */
function packed(name: string, platform: PlatformKey): string[] {
  const filter = getNodeModuleFileMatcher(ROOT, '/app', asItIs, config[platform], {
    config,
    debugLogger: { isEnabled: false },
  }).createFilter();
  return filesOf(join(ROOT, 'node_modules', name))
    .filter((file) => filter(file, statSync(file)))
    .map((file) => relative(ROOT, file).split(sep).join('/'));
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesOf(path) : [path];
  });
}

describe('the configuration', () => {
  it('is valid for the installed electron-builder', async () => {
    await expect(validateConfiguration(config, { isEnabled: false, add: () => undefined })).resolves.toBeUndefined();
  });

  it('sets every fuse of the security list', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('names icons that exist, in sizes the systems want', () => {
    expect(readdirSync(join(ROOT, config.linux.icon)).sort()).toContain('512x512.png');
    for (const platform of ['mac', 'win'] as const) expect(existsSync(join(ROOT, config[platform].icon))).toBe(true);
    expect(pngSize(config.mac.icon)).toEqual([1024, 1024]);
    expect(pngSize(config.win.icon)).toEqual([256, 256]);
  });
});

describe('ONNX Runtime', () => {
  const BIN = 'node_modules/onnxruntime-node/bin/napi-v6';
  const EXPECTED: Record<PlatformKey, string[]> = {
    linux: [`${BIN}/linux/x64/libonnxruntime.so.1`, `${BIN}/linux/x64/onnxruntime_binding.node`],
    mac: [`${BIN}/darwin/arm64/libonnxruntime.1.dylib`, `${BIN}/darwin/arm64/onnxruntime_binding.node`],
    win: ['DirectML.dll', 'dxcompiler.dll', 'dxil.dll', 'onnxruntime.dll', 'onnxruntime_binding.node'].map(
      (file) => `${BIN}/win32/x64/${file}`,
    ),
  };

  it.each(['linux', 'mac', 'win'] as const)('is packed for %s with its own binaries alone', (platform) => {
    const files = packed('onnxruntime-node', platform);
    expect(files.filter((file) => file.startsWith(BIN)).sort()).toEqual(EXPECTED[platform]);
    expect(files).toContain('node_modules/onnxruntime-node/dist/index.js');
    expect(files.filter((file) => /\/(lib|script|node_modules\/onnxruntime-node\/node_modules)\//.test(file))).toEqual([]);
  });

  it('keeps the very library that the macOS binding is linked against', () => {
    const binding = readFileSync(join(ROOT, `${BIN}/darwin/arm64/onnxruntime_binding.node`), 'latin1');
    expect(binding).toContain('@rpath/libonnxruntime.1.dylib');
  });

  it('offers only processors it has libraries for', () => {
    for (const [platform, folder] of [
      ['linux', 'linux'],
      ['mac', 'darwin'],
      ['win', 'win32'],
    ] as const) {
      for (const { arch } of config[platform].target) {
        for (const name of arch) expect(existsSync(join(ROOT, BIN, folder, name))).toBe(true);
      }
    }
  });
});

describe('outside the archive', () => {
  const unpacked = () => new FileMatcher(ROOT, '/app', asItIs, config.asarUnpack).createFilter();
  const isUnpacked = (file: string) => unpacked()(join(ROOT, file), statSync(join(ROOT, file)));

  it.each(['linux', 'mac', 'win'] as const)('lie all native libraries and WASM of packed packages (%s)', (platform) => {
    for (const name of [
      'onnxruntime-node',
      'h5wasm',
      '@cornerstonejs/codec-charls',
      '@cornerstonejs/codec-openjpeg',
      '@cornerstonejs/codec-libjpeg-turbo-8bit',
    ]) {
      const natives = packed(name, platform).filter((file) => /\.(node|dll|dylib|wasm|so(\.\d+)*)$/.test(file));
      for (const file of natives) expect([file, isUnpacked(file)]).toEqual([file, true]);
    }
  });

  it('but no ordinary code', () => {
    expect(isUnpacked('node_modules/onnxruntime-node/dist/index.js')).toBe(false);
    expect(isUnpacked('package.json')).toBe(false);
  });
});

function pngSize(file: string): [number, number] {
  const bytes = readFileSync(join(ROOT, file));
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}
