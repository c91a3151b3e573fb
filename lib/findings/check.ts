import type { LintContext } from './context.ts';
import type { Found, Severity } from './finding.ts';

/** What a check is, and what it needs to be decided. */

export type Group =
  | 'enforcement'
  | 'selection'
  | 'direction'
  | 'ports'
  | 'breadth'
  | 'interaction'
  | 'hygiene';

/**
 * Data without which a check would guess: it is not run where a list was not read completely, where
 * the network plugin was not found out by its DaemonSets, or where nobody reads it at all (lint.ts).
 */
export type Need =
  | 'pods'
  | 'namespaces'
  | 'nodes'
  | 'services'
  | 'host-endpoints'
  | 'flows'
  | 'roles'
  | 'daemon-sets'
  | 'webhooks'
  | 'ingresses'
  | 'api-server'
  | 'networks'
  | 'custom-resources';

export interface Check {
  /** Stable: annotations, links and baselines of others name it. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly group: Group;
  /** Of docs/semantics.md. */
  readonly rules: readonly string[];
  readonly needs: readonly Need[];
  /** For the documentation: what somebody wrote, and what comes of it. */
  readonly scenario: string;
  /** For the documentation: exactly when it is reported. */
  readonly evidence: string;
  readonly fix: string;
  /** Null while what it needs is not read: it is then declared, and never run. */
  readonly find: ((context: LintContext) => Iterable<Found>) | null;
}
