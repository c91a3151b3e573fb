import { type CniFlags, type CniProfile, cniProfile } from '#lib/engine/cni-profile.ts';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import type {
  ConnectionAnswer,
  PortQuery,
  Reason,
  UnknownCause,
  Verdict,
} from '#lib/engine/explanation.ts';
import { PROTOCOLS } from '#lib/model/port-set.ts';
import { type Explained, explanationView } from '#lib/view/explanation-builder.ts';
import type { ExplanationView } from '#lib/view/explanation-view.ts';
import { type FixtureOptions, fixtureStore, type PolicySpecs } from './fixture-cluster.ts';

/** Policies in the fixture cluster, and questions about who may connect to whom: a truth table's ground. */

/** `8080`, `53/UDP`, the name of a port, or null for any. */
export type WrittenPort = number | string | null;

/** A row of a truth table. */
export interface ScenarioRow {
  readonly from: string;
  readonly to: string;
  readonly port: WrittenPort;
  readonly verdict: Verdict | 'mixed';
}

export interface ScenarioOptions extends Omit<FixtureOptions, 'profile'> {
  /** Otherwise than Kubernetes' own tests expect. */
  readonly flags?: Partial<CniFlags>;
  /** A profile by its name; `flags` are set on top. */
  readonly cni?: string;
}

export interface Scenario {
  readonly connectivity: Connectivity;
  /** For the rows of a table; throws when the verdict is another. */
  readonly check: (row: ScenarioRow) => void;
  /** As a person asks it. */
  ask(from: string, to: string, port?: WrittenPort): Explained;
  /** The whole answer; throws when an end or the port is not found. */
  explain(from: string, to: string, port?: WrittenPort): ExplanationView;
  verdict(from: string, to: string, port?: WrittenPort): ExplanationView['verdict'];
  /** The answer of a question that has a single one. */
  answer(from: string, to: string, port?: WrittenPort): ConnectionAnswer;
  /** Why an answer is unknown, from both sides; empty when it is certain. */
  causes(from: string, to: string, port?: WrittenPort): readonly UnknownCause[];
}

const CONTEXT = { cluster: 'fixture', revision: 1, readAt: null };

function portOf(written: WrittenPort): PortQuery | string | null {
  if (written === null) return null;
  if (typeof written === 'number') return { protocol: 'TCP', port: written };
  const [number = '', name] = written.split('/');
  const protocol = PROTOCOLS.find((each) => each === name);
  return protocol === undefined ? written : { protocol, port: Number(number) };
}

function profileOf({ cni = 'kubernetes', flags = {} }: ScenarioOptions): CniProfile {
  const profile = cniProfile(cni, flags);
  if (profile === null) throw new Error(`no profile ${cni}`);
  return profile;
}

function causesOf(reason: Reason): readonly UnknownCause[] {
  return reason.kind === 'unknown' ? reason.causes : [];
}

/** Questions to a cluster that is already analysed. */
function questionsTo(connectivity: Connectivity): Scenario {
  const ask: Scenario['ask'] = (from, to, port = null) =>
    explanationView(connectivity, CONTEXT, { from, to, port: portOf(port) }, () => null);
  const explain: Scenario['explain'] = (from, to, port) => {
    const explained = ask(from, to, port);
    if (!explained.ok) throw new Error(`${explained.parameter}: ${explained.message}`);
    return explained.view;
  };
  const answer: Scenario['answer'] = (from, to, port) => {
    const [part, ...others] = explain(from, to, port).parts;
    if (part === undefined || others.length > 0) throw new Error('not one answer');
    return part.answer;
  };
  return {
    connectivity,
    ask,
    explain,
    answer,
    check({ from, to, port, verdict }) {
      const got = explain(from, to, port).verdict;
      if (got !== verdict) throw new Error(`${from} → ${to}:${port} is ${got}, not ${verdict}`);
    },
    verdict: (from, to, port) => explain(from, to, port).verdict,
    causes(from, to, port) {
      const { egress, ingress } = answer(from, to, port);
      return [...causesOf(egress.reason), ...causesOf(ingress.reason)];
    },
  };
}

/** The fixture cluster with these policies, each a NetworkPolicy's spec in YAML by `namespace/name`. */
export function scenario(policies: PolicySpecs, options: ScenarioOptions = {}): Scenario {
  const store = fixtureStore(policies, { ...options, profile: profileOf(options) });
  return questionsTo(analyse(store.snapshot()));
}
