/**
 * The desktop shell: a window, a menu, dialogs, and two supervised processes. It parses nothing and computes nothing; what
 * the page asks of lacuna:// goes to the host's private socket.
 */
import { statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, shell, utilityProcess } from 'electron';
import { ACTION_DESCRIPTORS, MENU_ORDER } from '../renderer/studio/actions/descriptors.ts';
import type { OpenedHandle } from '../renderer/studio/shell.ts';
import { toLacunaError } from '../src/errors.ts';
import { createSocketFolder } from '../src/infer/endpoint.ts';
import type { ExitReport } from '../src/infer/supervisor.ts';
import { Supervisor } from '../src/infer/supervisor.ts';
import { defaultDataFolder } from '../src/library/data-folder.ts';
import { NOTICE, PRODUCT, VERSION } from '../src/version.ts';
import { Dialogs } from './dialogs.ts';
import { HandleIssuer } from './handles.ts';
import { hardenContents, hardenSession, webPreferences } from './hardening.ts';
import { HostLink } from './host-link.ts';
import { serveSpawns } from './infer-link.ts';
import { MENU_CHANNEL, OPEN_CHANNEL, registerIpc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import type { Port } from './message-port.ts';
import { filesFromArguments } from './open-arguments.ts';
import { SCHEME, START_URL } from './origin.ts';
import { Outbox } from './outbox.ts';
import { createProxy } from './proxy.ts';
import { readState, visibleBounds, withRecent, writeState } from './state-file.ts';
import { utilityAdapter } from './utility-adapter.ts';

const BUNDLES = import.meta.dirname;
// Served files must be real files, so the packaged page lies beside the archive.
const RENDERER = join(BUNDLES, '..', 'renderer').replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
const PRELOAD = join(BUNDLES, '..', 'preload', 'preload.cjs');
/** A page that crashes is loaded again so often; one that always crashes must not do so for ever. */
const MAX_RELOADS = 3;

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
]);

if (app.requestSingleInstanceLock()) start();
else app.quit();

function start(): void {
  const sockets = createSocketFolder();
  const stateFile = join(app.getPath('userData'), 'shell.json');
  let state = readState(stateFile);
  let window: BrowserWindow | null = null;

  const link = new HostLink();
  const handles = new HandleIssuer((grant) => link.grant(grant));
  const host = new Supervisor(hostAdapter(), { title: 'The studio’s host', unavailable: 'job.interrupted', stopBudgetMs: 3_000 });
  const outbox = new Outbox((channel, payload) => window?.webContents.send(channel, payload));
  const dialogs = new Dialogs(dialog, handles, () => window, remember);

  hardenContents(app, shell);
  app.on('second-instance', (_event, argv, cwd) => {
    focusWindow();
    report(openPaths(filesFromArguments(argv, { packaged: app.isPackaged, cwd })));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    report(openPaths([path]));
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (window === null && app.isReady()) openWindow();
  });
  app.on('before-quit', endProcesses);

  void app.whenReady().then(() => {
    hardenSession(session.defaultSession);
    session.defaultSession.protocol.handle(
      SCHEME,
      createProxy(async () => (await host.ensure()).endpoint),
    );
    registerIpc(ipcMain, {
      'lacuna:open-dialog': (kind) => dialogs.open(kind),
      'lacuna:save-dialog': (name) => dialogs.save(name),
      'lacuna:dropped': (path) => openDropped(path),
      'lacuna:show-exports': showExports,
      'lacuna:ready': async () => {
        outbox.open();
        return undefined;
      },
    });
    app.setAboutPanelOptions({ applicationName: PRODUCT, applicationVersion: VERSION, copyright: NOTICE });
    rebuildMenu();
    openWindow();
    report(openPaths(filesFromArguments(process.argv, { packaged: app.isPackaged, cwd: process.cwd() })));
  });

  function openWindow(): void {
    const place = visibleBounds(
      state.bounds,
      screen.getAllDisplays().map((display) => display.workArea),
    );
    const opened = new BrowserWindow({
      ...(place ?? { width: 1440, height: 900 }),
      minWidth: 960,
      minHeight: 600,
      title: PRODUCT,
      backgroundColor: '#0b0d10',
      show: false,
      webPreferences: webPreferences(PRELOAD),
    });
    window = opened;
    outbox.hold();
    if (state.maximised) opened.maximize();
    opened.once('ready-to-show', () => opened.show());
    opened.webContents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) outbox.hold();
    });
    let reloads = 0;
    opened.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit' && reloads++ < MAX_RELOADS) opened.reload();
    });
    opened.on('close', () => save({ ...state, bounds: opened.getNormalBounds(), maximised: opened.isMaximized() }));
    opened.on('closed', () => {
      if (window === opened) window = null;
    });
    void opened.loadURL(START_URL);
  }

  function focusWindow(): void {
    if (window === null) {
      openWindow();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.focus();
  }

  /** Only what exists is handed on: a typing error on the command line is no file. */
  async function openPaths(paths: readonly string[]): Promise<void> {
    // macOS tells of files to open before the app is ready for a menu.
    await app.whenReady();
    const found = paths.filter(exists);
    if (found.length === 0) return;
    for (const path of found) remember(path);
    outbox.post(OPEN_CHANNEL, await Promise.all(found.map((path) => handles.issue(path, 'open'))));
  }

  async function openDropped(path: string): Promise<OpenedHandle | null> {
    if (!exists(path)) return null;
    remember(path);
    return handles.issue(path, 'open');
  }

  async function showExports(): Promise<undefined> {
    if (link.exportsFolder !== null) await shell.openPath(link.exportsFolder);
    return undefined;
  }

  function remember(path: string): void {
    app.addRecentDocument(path);
    save(withRecent(state, path));
    rebuildMenu();
  }

  function save(next: typeof state): void {
    state = next;
    writeState(stateFile, state);
  }

  function rebuildMenu(): void {
    const template = menuTemplate({
      actions: ACTION_DESCRIPTORS,
      order: MENU_ORDER,
      platform: process.platform,
      appName: PRODUCT,
      recent: state.recent.map((path) => ({ name: path, open: () => report(openPaths([path])) })),
      development: !app.isPackaged,
      onAction: (id) => outbox.post(MENU_CHANNEL, id),
      onClearRecent: () => {
        app.clearRecentDocuments();
        save({ ...state, recent: [] });
        rebuildMenu();
      },
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  function hostAdapter() {
    return utilityAdapter({
      fork: (entry, args, options) => utilityProcess.fork(entry, args, options),
      entry: join(BUNDLES, 'host-process.js'),
      serviceName: 'Lacuna host',
      stopMessage: { type: 'stop' },
      args: () => {
        const endpoint = sockets.next('host');
        return { args: ['--socket', endpoint, '--data', defaultDataFolder(), '--renderer', RENDERER], endpoint };
      },
      onSpawn: (port, exited) => attachHost(port, exited),
    });
  }

  function attachHost(port: Port, exited: Promise<ExitReport>): void {
    link.attach(port, exited, handles.grants);
    const spawns = serveSpawns(port, inferAdapter());
    void exited.then(() => spawns.endAll());
  }

  function inferAdapter() {
    return utilityAdapter({
      fork: (entry, args, options) => utilityProcess.fork(entry, args, options),
      entry: join(BUNDLES, 'infer.js'),
      serviceName: 'Lacuna inference',
      args: () => {
        const endpoint = sockets.next('infer');
        return { args: ['--socket', endpoint], endpoint };
      },
    });
  }

  let ended = false;
  /** Lets the host close its library before the app goes; within the stop budget, whatever happens. */
  function endProcesses(event: Electron.Event): void {
    if (ended) return;
    event.preventDefault();
    ended = true;
    void host.stop().finally(() => {
      sockets.remove();
      app.quit();
    });
  }
}

/** An unexpected failure of something that nobody waits for is shown, not lost. */
function report(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => dialog.showErrorBox(PRODUCT, toLacunaError(error).message));
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
