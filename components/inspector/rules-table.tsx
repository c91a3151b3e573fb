'use client';

import { PolicyNotes } from '#components/explanation/policy-notes.tsx';
import { peerWords, rulePortWords } from '#components/explanation/rule-text.ts';
import { counted } from '#components/explanation/sentence.ts';
import { Words } from '#components/explanation/words.tsx';
import { Table, TableCell, TableHead, TableHeader } from '#components/ui/table.tsx';
import { policyKey, policyKindName, refKey } from '#lib/model/object-ref.ts';
import { formatPath } from '#lib/model/problem.ts';
import type {
  RulePeerView,
  RuleView,
  SelectingPolicyView,
  WorkloadSideView,
} from '#lib/view/workload-view.ts';
import { PortWords } from './port-words.tsx';

/** So many matched workloads are named outright; the others when asked for. */
const NAMED = 3;

function MatchedNow({ match }: { readonly match: RulePeerView['match'] }) {
  if (match.kind !== 'pods' && match.kind !== 'pods-like') return null;
  const { workloads, count } = match;
  if (count === 0)
    return <span className="text-caution text-xs">matches no workload at present</span>;
  const names = workloads.map((ref) => `${ref.namespace}/${ref.name}`);
  if (count <= NAMED) return <span className="text-faint text-xs">now: {names.join(', ')}</span>;
  return (
    <details className="text-faint text-xs">
      <summary className="w-fit rounded-sm hover:text-text">
        now: {counted(count, 'workload')}
      </summary>
      <ul className="mt-1 columns-[14rem] gap-4">
        {workloads.map((ref, i) => (
          <li key={refKey(ref)} className="truncate">
            {names[i]}
          </li>
        ))}
        {count > workloads.length && <li>and {count - workloads.length} more</li>}
      </ul>
    </details>
  );
}

const ACTION_WORDS = {
  allow: 'permits',
  deny: 'denies',
  pass: 'passes on',
  log: 'logs only',
} as const;

/** What else a rule asks, a line each. */
function Provisos({ rule }: { readonly rule: RuleView }) {
  const lines = [
    ...rule.own.map((words) => `only for pods that are ${words}`),
    ...rule.conditions.map((words) => `only where ${words}, which is not known here`),
    ...rule.requests.map((words) => `requests: ${words}`),
  ];
  return lines.map((line) => (
    <div key={line} className="text-muted text-xs">
      {line}
    </div>
  ));
}

function Rule({ rule }: { readonly rule: RuleView }) {
  return (
    <tr className="align-top hover:bg-hover">
      <TableCell className="h-auto whitespace-nowrap py-2 text-muted text-xs tabular-nums">
        <span title={formatPath(rule.path)}>rule {rule.rule.index + 1}</span>
        {rule.name !== null && <span className="block">{rule.name}</span>}
        {rule.action !== 'allow' && (
          <span className={rule.action === 'deny' ? 'block text-negative' : 'block'}>
            {ACTION_WORDS[rule.action]}
          </span>
        )}
      </TableCell>
      <TableCell className="h-auto py-1.5">
        <ul className="flex flex-col gap-1">
          {rule.peers.map(({ path, match }) => (
            <li key={formatPath(path)}>
              <div>
                <Words of={peerWords(match)} />
              </div>
              <MatchedNow match={match} />
            </li>
          ))}
        </ul>
      </TableCell>
      <TableCell className="h-auto py-1.5">
        <PortWords ports={rule.ports === 'all' ? 'all' : rulePortWords(rule.ports)} />
        <Provisos rule={rule} />
      </TableCell>
    </tr>
  );
}

function PolicyRules({
  policy,
  direction,
}: {
  readonly policy: SelectingPolicyView;
  readonly direction: WorkloadSideView['direction'];
}) {
  const { rules, notes } = policy;
  return (
    <tbody>
      <tr>
        <th
          scope="rowgroup"
          colSpan={3}
          className="border-line border-b bg-sunken/60 px-4 py-1.5 text-left font-normal"
        >
          <span className="font-medium font-mono text-xs">{policy.policy.name}</span>
          <span className="ml-2 text-faint text-xs">{policyKindName(policy.policy)}</span>
          {rules.length === 0 && (
            <span className="ml-2 text-muted text-xs">
              lists no {direction} rule: it permits nothing
            </span>
          )}
        </th>
      </tr>
      {notes.length > 0 && (
        <tr>
          <td colSpan={3}>
            <PolicyNotes notes={notes} />
          </td>
        </tr>
      )}
      {rules.map((rule) => (
        <Rule key={rule.rule.index} rule={rule} />
      ))}
    </tbody>
  );
}

/** What the policies that isolate a workload permit in one direction, rule by rule. */
export function RulesTable({ side }: { readonly side: WorkloadSideView }) {
  const { direction, policies } = side;
  return (
    <Table>
      <caption className="sr-only">Rules that permit {direction}</caption>
      <TableHead className="static">
        <tr>
          <TableHeader className="w-px">Rule</TableHeader>
          <TableHeader>{direction === 'ingress' ? 'From' : 'To'}</TableHeader>
          <TableHeader>Ports</TableHeader>
        </tr>
      </TableHead>
      {policies.map((policy) => (
        <PolicyRules key={policyKey(policy.policy)} policy={policy} direction={direction} />
      ))}
    </Table>
  );
}
