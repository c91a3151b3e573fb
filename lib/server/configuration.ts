import { totalmem } from 'node:os';
import { z } from 'zod';
import type { PluginChoice } from '#lib/detection/plugin-choice.ts';
import { CNI_FLAGS, CNI_NAMES, type CniFlags } from '#lib/engine/cni-profile.ts';
import type { PluginSearch } from '#lib/snapshot/plugin-tables.ts';
import type { SourceOrigin } from '#lib/sources/cluster-source.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { isLoopback } from './loopback.ts';

/** What the server is to do. Made here from the environment and the command line, and nowhere else. */
export interface Configuration {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Another port will do when this one is taken: for a person, not for a service that others look for. */
  readonly portMayMove: boolean;
  /** Further names in the Host header, lower-case, without ports. */
  readonly allowedHosts: readonly string[];
  readonly openBrowser: boolean;
  readonly logLevel: LogLevel;
  readonly streamsPerAddress: number;
  /** MB of heap that the thread of one cluster may use. */
  readonly clusterMemory: number;
  /** A file or folder of manifests to show instead of a cluster. */
  readonly manifests: string | null;
  /** A kubeconfig named by the person; null looks where kubectl looks. */
  readonly kubeconfig: string | null;
  /** Null for the kubeconfig's current context. */
  readonly context: string | null;
  readonly cni: PluginChoice;
  /** For what reads credentials: KUBECONFIG, HOME, the in-cluster and proxy variables; plugins inherit it. */
  readonly environment: Environment;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line may say; wins over the environment. */
export interface ServeOptions {
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly manifests?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly cni?: string | undefined;
  /** `endPort=no`: one flag of the plugin set otherwise. */
  readonly set?: readonly string[] | undefined;
  /** Whether to open a browser; when absent, the surroundings decide. */
  readonly open?: boolean | undefined;
  /** `--i-understand-no-auth`: listen beyond this machine though Sightline asks nobody to log in. */
  readonly noAuth?: boolean | undefined;
}

/** Why the server does not start, in one line, with the exit code (sysexits: 78 is configuration). */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
  readonly exitCode: number;
  constructor(message: string, exitCode = 78) {
    super(message);
    this.exitCode = exitCode;
  }
}

const text = z.string().trim().optional();
/** Set, and not to a word for no. */
const flag = z
  .string()
  .optional()
  .transform((value) => value !== undefined && !/^(?:|0|no|false|off)$/i.test(value.trim()));
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,7}$/, `must be a number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least, `is at least ${least}`).max(most, `is at most ${most}`));

const variables = z.object({
  HOST: text,
  PORT: wholeNumber(0, 65535).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  BROWSER: text,
  CI: flag,
  DISPLAY: text,
  WAYLAND_DISPLAY: text,
  SSH_CONNECTION: text,
  SIGHTLINE_NO_AUTH: flag,
  SIGHTLINE_ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((list) => list.split(',').map((name) => name.trim().toLowerCase()))
    .transform((names) => names.filter((name) => name !== ''))
    .pipe(
      z.array(
        z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'lists host names without ports'),
      ),
    ),
  SIGHTLINE_STREAMS_PER_ADDRESS: wholeNumber(1, 100_000).default(50),
  SIGHTLINE_CLUSTER_MEMORY_MB: wholeNumber(64, 1_000_000).optional(),
});

const DEFAULT_PORT = 3000;

interface Surroundings {
  readonly platform: string;
  readonly terminal: boolean;
  /** Bytes that this machine, or the container on it, has. */
  readonly memory: number;
}

/** Half of what there is, in MB: enough for the largest clusters, and never all of a machine. */
function fittingMemory(bytes: number): number {
  return Math.min(Math.max(Math.floor(bytes / 2 / 1024 ** 2), 256), 4096);
}

/** Throws CannotStart, naming the variable or option and what it should be. */
export function readConfiguration(
  options: ServeOptions,
  environment: Environment = process.env,
  surroundings: Surroundings = {
    platform: process.platform,
    terminal: process.stdout.isTTY === true,
    memory: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
  },
): Configuration {
  // An empty variable is how a container says "not set".
  const given = Object.entries({ ...environment }).filter(([, value]) => value?.trim() !== '');
  const port = options.port === undefined ? {} : { PORT: String(options.port) };
  const parsed = variables.safeParse({ ...Object.fromEntries(given), ...port });
  if (!parsed.success) throw refused(parsed.error, options.port !== undefined);
  const variable = parsed.data;
  const host = options.host ?? variable.HOST ?? '127.0.0.1';
  const local = isLoopback(host);
  if (!local && options.noAuth !== true && !variable.SIGHTLINE_NO_AUTH) {
    throw new CannotStart(
      `listening on ${host} would show the cluster to everyone who reaches this port, without a login; ` +
        'put an authenticating proxy in front and pass --i-understand-no-auth (SIGHTLINE_NO_AUTH=yes), ' +
        'or listen on 127.0.0.1',
    );
  }
  if (options.manifests !== undefined && (options.context ?? options.kubeconfig) !== undefined) {
    throw new CannotStart('choose either --manifests or a cluster (--context, --kubeconfig)');
  }
  const display =
    surroundings.platform !== 'linux' ||
    (variable.DISPLAY ?? variable.WAYLAND_DISPLAY) !== undefined;
  const atDesk = surroundings.terminal && display && variable.SSH_CONNECTION === undefined;
  return {
    host,
    port: variable.PORT ?? DEFAULT_PORT,
    portMayMove: local,
    allowedHosts: variable.SIGHTLINE_ALLOWED_HOSTS,
    openBrowser: options.open ?? (local && atDesk && !variable.CI && variable.BROWSER !== 'none'),
    logLevel: variable.LOG_LEVEL,
    streamsPerAddress: variable.SIGHTLINE_STREAMS_PER_ADDRESS,
    clusterMemory: variable.SIGHTLINE_CLUSTER_MEMORY_MB ?? fittingMemory(surroundings.memory),
    manifests: options.manifests ?? null,
    kubeconfig: options.kubeconfig ?? null,
    context: options.context ?? null,
    cni: readCni(options),
    environment,
  };
}

function refused(error: z.ZodError, portIsOption: boolean): CannotStart {
  const [issue] = error.issues;
  const variable = String(issue?.path[0] ?? 'the environment');
  const name = variable === 'PORT' && portIsOption ? '--port' : variable;
  return new CannotStart(`${name} ${issue?.message ?? 'is not understood'}`);
}

function readCni({ cni, set = [] }: ServeOptions): PluginChoice {
  if (cni !== undefined && !CNI_NAMES.includes(cni)) {
    throw new CannotStart(`--cni must be one of ${CNI_NAMES.join(', ')}`);
  }
  const flags: { -readonly [Flag in keyof CniFlags]?: CniFlags[Flag] } = {};
  for (const entry of set) {
    const [name, value] = entry.split('=');
    const known = CNI_FLAGS.find((candidate) => candidate === name);
    if (known === undefined) throw new CannotStart(`--set knows the flags ${CNI_FLAGS.join(', ')}`);
    if (value !== 'yes' && value !== 'no' && value !== 'unknown') {
      throw new CannotStart(`--set ${known} must be yes, no or unknown`);
    }
    flags[known] = value;
  }
  return { name: cni ?? null, flags };
}

/** How the network plugin of a source is found out; what a person states wins. */
export function pluginSearch({ kind }: SourceOrigin, choice: PluginChoice): PluginSearch {
  return { detectIn: kind === 'manifests' ? 'manifests' : 'cluster', choice };
}
