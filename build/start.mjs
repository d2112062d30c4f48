/** `npm start`: sets everything up and opens the studio, in Electron where there is one, else in a browser. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, environment, NODE, ROOT, run, say } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
const { findElectron } = await import('./electron-binary.mjs');
const electron = await findElectron({ download: true });

if (electron.path !== null) {
  if (run([NODE, join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn']) !== 0) process.exit(1);
  launch(electron.path, [ROOT, ...process.argv.slice(2)]);
} else {
  say(`Electron cannot be used (${electron.reason}); the studio opens in the browser instead.`);
  launch(NODE, [join(ROOT, 'src', 'cli', 'main.ts'), 'serve', ...process.argv.slice(2)]);
}

function launch(program, args) {
  const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', env: environment() });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 0));
}
