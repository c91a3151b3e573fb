import { parseArgs } from 'node:util';
import {
  ADVERSARIES,
  type ClusterShape,
  clusterShape,
  KIND_FAMILIES,
} from './clusters/cluster-shape.ts';
import { generateCluster } from './clusters/generated-cluster.ts';
import { writeManifests } from './clusters/write-manifests.ts';

/** Writes a generated cluster as manifests, for other tools and to try the command line with. */

const USAGE = `Usage: node bench/generate.ts [options] FOLDER

  --pods N           1000
  --policies N       100
  --namespaces N     30
  --nodes N          one for each 30 pods
  --seed N           1; the same seed gives the same cluster
  --kinds KINDS      ${KIND_FAMILIES.join(' | ')}
  --adversary NAME   ${ADVERSARIES.join(' | ')}
  --full             pods as an API server sends them, some 7.5 KB each
  --json             JSON lists instead of YAML
`;

const OPTIONS = {
  pods: { type: 'string', default: '1000' },
  policies: { type: 'string', default: '100' },
  namespaces: { type: 'string', default: '30' },
  nodes: { type: 'string' },
  seed: { type: 'string', default: '1' },
  kinds: { type: 'string', default: 'network-policy' },
  adversary: { type: 'string' },
  full: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function oneOf<T extends string>(name: string, known: readonly T[], written: string): T {
  const found = known.find((each) => each === written);
  if (found === undefined) throw new RangeError(`--${name} is one of ${known.join(', ')}`);
  return found;
}

function main(): void {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [folder, ...more] = positionals;
  if (values.help || folder === undefined || more.length > 0) {
    (values.help ? process.stdout : process.stderr).write(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const shape: ClusterShape = clusterShape({
    pods: Number(values.pods),
    policies: Number(values.policies),
    namespaces: Number(values.namespaces),
    seed: Number(values.seed),
    kinds: oneOf('kinds', KIND_FAMILIES, values.kinds),
    ...(values.nodes === undefined ? {} : { nodes: Number(values.nodes) }),
    ...(values.adversary === undefined
      ? {}
      : { adversary: oneOf('adversary', ADVERSARIES, values.adversary) }),
  });
  const files = writeManifests(generateCluster(shape), folder, {
    form: values.full ? 'full' : 'slim',
    format: values.json ? 'json' : 'yaml',
  });
  console.log(`${files} files in ${folder}`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
