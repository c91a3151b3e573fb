import { describe, expect, test } from 'vitest';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { scenario } from '#lib/testing/scenario.ts';
import { analyse, connectionBounds } from './connectivity.ts';
import { withStagedEnforced } from './staged.ts';

const ENFORCED = `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {selector: "app == 'web'", types: [Ingress], ingress: [{action: Allow}]}
`;
const staged = (name: string, spec: string) => `
apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {${spec}}
`;

/** Whether ops/prom reaches shop/web, as it is and with what is staged. */
function reaches(...objects: readonly string[]): readonly [boolean, boolean] {
  const { connectivity } = scenario({}, { objects: objects.join('---'), cni: 'calico' });
  const at = ({ groups, ...rest }: typeof connectivity) => {
    const group = (name: string) =>
      groups.find(({ pods }) => pods.some((pod) => pod.name === name));
    const [from, to] = [group('prom'), group('web')];
    if (from === undefined || to === undefined) throw new Error('no such pod');
    return !isEmptyPorts(connectionBounds({ groups, ...rest }, from, to).sure);
  };
  return [at(connectivity), at(analyse(withStagedEnforced(connectivity.snapshot)))];
}

describe('CAL-15 what is staged, as if it were enforced', () => {
  test('a preview of a new policy stands beside the others', () => {
    const preview = staged('lock', 'order: 1, selector: "app == \'web\'", types: [Ingress]');
    expect(reaches(preview)).toEqual([true, false]);
  });

  test('a preview of a change stands in the place of what it changes', () => {
    const preview = staged('web', 'selector: "app == \'web\'", types: [Ingress]');
    expect(reaches(ENFORCED, preview)).toEqual([true, false]);
  });

  test('a preview of a deletion takes the policy away', () => {
    const closed = ENFORCED.replace('ingress: [{action: Allow}]', 'ingress: []');
    expect(reaches(closed, staged('web', 'stagedAction: Delete'))).toEqual([false, true]);
  });

  test('one that is there to be ignored changes nothing', () => {
    const ignored = staged(
      'web',
      'stagedAction: Ignore, selector: "app == \'web\'", types: [Ingress]',
    );
    expect(reaches(ENFORCED, ignored)).toEqual([true, true]);
  });
});
