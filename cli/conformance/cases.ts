import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { compareText } from '#lib/model/object-ref.ts';

/** Cases that other tools, or the authors of the APIs, answered: manifests, and what is expected of them. */

const portRange = z.tuple([z.number(), z.number()]);

const probe = z.object({
  src: z.string(),
  dst: z.string(),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
  port: z.number(),
  allowed: z.boolean(),
  /** What each side says, where the tool tells. */
  egress: z.boolean().optional(),
  ingress: z.boolean().optional(),
});

const connection = z.object({
  src: z.string(),
  dst: z.string(),
  ports: z.object({
    all: z.boolean(),
    TCP: z.array(portRange).default([]),
    UDP: z.array(portRange).default([]),
    SCTP: z.array(portRange).default([]),
  }),
});

const expectation = z.union([
  z.object({ probes: z.array(probe) }),
  z.object({
    connections: z.array(connection),
    /** 0 when the tool answered, 1 when it refused the manifests. */
    rc: z.number().default(0),
    /** What it said. */
    warnings: z.array(z.string()).default([]),
  }),
]);

const change = z.object({ src: z.string(), dst: z.string(), dir1: z.string(), dir2: z.string() });

/** Two folders of another suite, and what differs between them. */
const pairOfFolders = z.object({
  dir1: z.string(),
  dir2: z.string(),
  /** As in a case of its own. */
  rc: z.number().default(0),
  error: z.string().default(''),
  changes: z.array(change).nullable(),
});

export type ExpectedChange = z.output<typeof change>;
export type Probe = z.output<typeof probe>;
export type ExpectedConnection = z.output<typeof connection>;

export interface Case {
  /** `cyclonus/005-…/step1` */
  readonly name: string;
  readonly suite: string;
  /** The folder of the cluster, or those before and after. */
  readonly manifests: readonly [string] | readonly [before: string, after: string];
  readonly expected: Expectation;
}

type Expectation =
  | z.output<typeof expectation>
  | {
      readonly changes: readonly ExpectedChange[];
      readonly rc: number;
      readonly warnings: readonly string[];
    };

/** Every case below a folder, sorted by name. Throws when there is no such folder. */
export function findCases(root: string, suite: string | null): readonly Case[] {
  return [...foldersOf(root), ...pairsOf(root)]
    .filter((each) => suite === null || each.suite === suite)
    .sort((a, b) => compareText(a.name, b.name));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Every folder with `manifests` and `expected.json`, by suite: the first folder of its path. */
function foldersOf(root: string): readonly Case[] {
  const folders = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name === 'manifests')
    .map((entry) => entry.parentPath)
    .filter((folder) => existsSync(join(folder, 'expected.json')));
  return folders
    .map((folder) => ({ folder, name: relative(root, folder).split(sep).join('/') }))
    .map(({ folder, name }) => ({
      name,
      suite: name.split('/')[0] ?? '',
      manifests: [join(folder, 'manifests')],
      expected: expectation.parse(readJson(join(folder, 'expected.json'))),
    }));
}

const PAIRS = '-diff';

/** Every file of a suite `NAME-diff`: it names two cases of the suite NAME. */
function pairsOf(root: string): readonly Case[] {
  const suites = readdirSync(root).filter((name) => name.endsWith(PAIRS));
  return suites.flatMap((suite) =>
    readdirSync(join(root, suite))
      .filter((file) => file.endsWith('.json'))
      .map((file) => {
        const { dir1, dir2, rc, error, changes } = pairOfFolders.parse(
          readJson(join(root, suite, file)),
        );
        const folder = (name: string) =>
          join(root, suite.slice(0, -PAIRS.length), name, 'manifests');
        return {
          name: `${suite}/${file.replace(/\.json$/, '')}`,
          suite,
          manifests: [folder(dir1), folder(dir2)] as const,
          expected: { changes: changes ?? [], rc, warnings: [error] },
        };
      }),
  );
}
