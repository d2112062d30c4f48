/**
 * Compiles src/transform/wasm/*.ts (AssemblyScript) into src/transform/wasm/kernels.generated.wasm.
 * Does nothing where the module was made from the same sources and options. `node build/build-wasm.mjs`
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../src/transform/wasm/', import.meta.url);
const target = new URL('kernels.generated.wasm', folder);
/** Custom section that holds the hash of what the module was made from. */
const SECTION = 'lacuna-sources';
const DATA_SECTION = 11;

const OPTIONS = [
  'kernels.ts', '--outFile', 'kernels.wasm', '-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads',
  '--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '16384',
];

/** @returns {Promise<boolean>} whether it had to compile */
export async function buildWasm() {
  const sources = Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
  );
  const { version } = JSON.parse(readFileSync(new URL('../node_modules/assemblyscript/package.json', import.meta.url), 'utf8'));
  const hash = createHash('sha256').update(JSON.stringify([version, OPTIONS, sources])).digest('hex');
  if (builtFrom() === hash) return false;
  const bytes = withHash(await compile(sources), hash);
  const temporary = new URL(`kernels.${process.pid}.generated.wasm`, folder);
  writeFileSync(temporary, bytes);
  renameSync(temporary, target);
  return true;
}

function builtFrom() {
  try {
    const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(readFileSync(target)), SECTION);
    return section === undefined ? null : Buffer.from(section).toString('utf8');
  } catch {
    return null; // missing, or not a module: make it
  }
}

async function compile(sources) {
  const { default: asc } = await import('assemblyscript/asc');
  let output;
  const { error, stderr } = await asc.main(OPTIONS, {
    readFile: (name) => sources[name] ?? null,
    writeFile: (_name, contents) => {
      output = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`src/transform/wasm does not compile: ${error.message}\n${stderr.toString()}`);
  if (sectionIds(output).includes(DATA_SECTION)) {
    throw new Error('src/transform/wasm: the kernels must have no static data, because several threads instantiate them over one memory');
  }
  return output;
}

function sectionIds(bytes) {
  const ids = [];
  for (let at = 8; at < bytes.length; ) {
    ids.push(bytes[at++]);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return ids;
}

/** Appends the hash as a custom section; both lengths are under 128, one LEB byte each. */
function withHash(bytes, hash) {
  const body = Buffer.concat([Buffer.from([SECTION.length]), Buffer.from(SECTION), Buffer.from(hash)]);
  return Buffer.concat([bytes, Buffer.from([0, body.length]), body]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const compiled = await buildWasm();
  process.stdout.write(compiled ? 'Numeric kernels compiled.\n' : 'Numeric kernels are up to date.\n');
}
