/**
 * Imports run one way (docs/decisions/0001): array → transform → operators → algorithms → {sampling, mri, metrics} → pipeline →
 * host, cli → electron. Formats, library, models and infer depend on array alone. The renderer takes types and pure code.
 */
const LAYERS = [
  ['array', []],
  ['random', ['array']],
  ['graph', ['array']],
  ['transform', ['array', 'random']],
  ['operators', ['array', 'transform']],
  ['algorithms', ['array', 'transform', 'operators', 'random']],
  ['sampling', ['array', 'random', 'transform', 'operators', 'algorithms']],
  ['metrics', ['array', 'transform', 'operators', 'algorithms']],
  ['mri', ['array', 'random', 'graph', 'transform', 'operators', 'algorithms', 'sampling']],
  ['formats', ['array']],
  ['models', ['array']],
  ['infer', ['array', 'models']],
  ['library', ['array']],
  ['pipeline', ['array', 'random', 'graph', 'transform', 'operators', 'algorithms', 'sampling', 'metrics', 'mri', 'formats', 'models', 'infer']],
  ['host', ['array', 'random', 'transform', 'operators', 'algorithms', 'sampling', 'metrics', 'mri', 'formats', 'models', 'infer', 'library', 'pipeline']],
  ['cli', ['array', 'random', 'transform', 'operators', 'algorithms', 'sampling', 'metrics', 'mri', 'formats', 'models', 'infer', 'library', 'pipeline', 'host']],
];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: { path: '^src|^electron|^renderer' }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolvable', severity: 'error', from: { path: '^src' }, to: { couldNotResolve: true, pathNot: '\\.wasm$|node:|h5wasm/node' } },
    ...LAYERS.map(([layer, below]) => ({
      name: `src-${layer}`,
      comment: `src/${layer} may import ${below.join(', ') || 'nothing of src'}`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: '^src/[^/]+/', pathNot: [layer, ...below].map((name) => `^src/${name}/`), dependencyTypesNot: ['type-only'] },
    })),
    {
      name: 'library-is-pure',
      comment: 'No Node outside formats, library, models, infer, host, cli and the files that say so in their name',
      severity: 'error',
      from: { path: '^src/(array|random|graph|transform|operators|algorithms|sampling|metrics|mri)/', pathNot: '\\.node\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'renderer-takes-pure-code',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^src/(host|library|infer|cli|formats|models|pipeline)/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'renderer-has-no-node', severity: 'error', from: { path: '^renderer/', pathNot: 'vite\\.config\\.ts$' }, to: { dependencyTypes: ['core'] } },
    { name: 'src-knows-no-shell', severity: 'error', from: { path: '^src/' }, to: { path: '^(electron|renderer)/|node_modules/electron/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'src/transform/wasm|\\.generated\\.' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.svelte', '.json'] },
  },
};
