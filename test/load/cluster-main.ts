/** The process of the fake API server: load-cluster.ts starts it and tells it what to do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACES } from '#lib/model/resource.ts';
import { hasProtobuf } from '#lib/sources/kubernetes-api/protobuf/list-page.ts';
import { createAuthority } from '#lib/testing/certificates.ts';
import { FakeApiServer } from '#lib/testing/fake-api-server.ts';
import { kubeConfigText } from '#lib/testing/fake-kubeconfig.ts';
import { Churn } from './churn.ts';
import type {
  Answers,
  Churned,
  Command,
  FromCluster,
  Opened,
  ToCluster,
} from './cluster-messages.ts';
import { expectedPicture } from './expected-picture.ts';
import { fill } from './fill.ts';
import type { Profile, Wave } from './profiles.ts';
import { clock, pause } from './waiting.ts';
import { writeAhead } from './write-ahead.ts';

/** Often enough that a second of 5,000 changes is no burst of its own. */
const TICK_MS = 10;
const MARK_MS = 500;
/** A real API server sends them about once a minute, so that quiet lists stay current. */
const BOOKMARK_MS = 20_000;

let server: FakeApiServer;
let churn: Churn;
/** What was written ahead does not hold any more. */
let listsChange = () => {};
let marks = 0;

async function open(directory: string, profile: Profile): Promise<Opened> {
  const authority = createAuthority('sightline-load');
  const tls = authority.issue({ commonName: 'api', use: 'server', hosts: ['127.0.0.1'] });
  server = await FakeApiServer.start({ tls, protobuf: true });
  const { resources, objects, namespaces } = fill(server.store, profile);
  for (const resource of resources) server.install(resource);
  churn = new Churn(server.store, profile.cluster.seed);
  // what was stored at the start is no history that a watch may ask for
  server.store.compact();
  listsChange = writeAhead(server, resources.filter(hasProtobuf), profile.unreadBytes);
  setInterval(() => {
    for (const watch of server.watches) watch.bookmark();
  }, BOOKMARK_MS);
  const kubeconfig = join(directory, 'kubeconfig');
  const cluster = {
    'certificate-authority-data': Buffer.from(authority.cert).toString('base64'),
  };
  writeFileSync(kubeconfig, kubeConfigText({ server: server.url, cluster }), { mode: 0o600 });
  return { kubeconfig, objects, namespaces };
}

function mark(): void {
  marks += 1;
  const name = `mark-${String(marks).padStart(4, '0')}`;
  server.store.set(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const namespaces = server.store.list(NAMESPACES, null, 1, null);
  tell({
    kind: 'mark',
    mark: {
      namespaces: (namespaces?.items.length ?? 0) + (namespaces?.remaining ?? 0),
      at: clock(),
    },
  });
}

/** Changes at an even pace; a mark now and then, and one at the end. */
async function change({ perSecond, seconds }: Wave): Promise<Churned> {
  listsChange();
  const start = performance.now();
  let events = 0;
  let lastMark = start;
  for (let now = start; now - start < seconds * 1000; now = performance.now()) {
    const due = ((now - start) / 1000) * perSecond;
    while (events < due) events += churn.change();
    if (now - lastMark >= MARK_MS) {
      lastMark = now;
      mark();
    }
    await pause(TICK_MS);
  }
  mark();
  return { events, milliseconds: performance.now() - start };
}

async function perform(command: Command): Promise<Answers[Command['do']]> {
  switch (command.do) {
    case 'open':
      return open(command.directory, command.profile);
    case 'churn':
      return change(command.wave);
    case 'picture':
      return expectedPicture(server, command.namespaces);
    case 'close':
      await server.close();
      return null;
  }
}

function tell(message: FromCluster): void {
  process.send?.(message);
}

process.on('message', ({ id, ...command }: ToCluster) => {
  perform(command).then(
    (answer) => tell({ kind: 'answer', id, answer }),
    (error: unknown) => tell({ kind: 'failure', id, message: String(error) }),
  );
});
// whoever started it is gone
process.on('disconnect', () => process.exit());
