import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';

/** Cases that other tools, or the authors of the APIs, answered: manifests, and what is expected of them. */

const portRange = z.tuple([z.number(), z.number()]);

const probe = z.object({
  src: z.string(),
  dst: z.string(),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
  port: z.number(),
  allowed: z.boolean(),
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

export type Probe = z.output<typeof probe>;
export type ExpectedConnection = z.output<typeof connection>;

export interface Case {
  /** `cyclonus/005-…/step1` */
  readonly name: string;
  readonly suite: string;
  readonly manifests: string;
  readonly expected: z.output<typeof expectation>;
}

/** Every folder with `manifests` and `expected.json`, by suite: the first folder of its path. */
export function findCases(root: string, suite: string | null): readonly Case[] {
  const folders = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name === 'manifests')
    .map((entry) => entry.parentPath)
    .filter((folder) => existsSync(join(folder, 'expected.json')))
    .sort();
  return folders
    .map((folder) => ({ folder, name: relative(root, folder).split(sep).join('/') }))
    .filter(({ name }) => suite === null || name.startsWith(`${suite}/`))
    .map(({ folder, name }) => ({
      name,
      suite: name.split('/')[0] ?? '',
      manifests: join(folder, 'manifests'),
      expected: expectation.parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))),
    }));
}
