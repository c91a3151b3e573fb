import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { podCount } from '#lib/findings/objects.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { counted } from '#lib/findings/words.ts';
import type { Family } from '#lib/model/ip-address.ts';
import { blocksOf, isWholeFamily } from './blocks.ts';

/** How blocks are written, and of which family. */

export const hostBits: Check = {
  id: 'PIT-IP-5',
  title: 'A CIDR with host bits',
  severity: 'info',
  group: 'breadth',
  rules: ['NP-31b'],
  needs: [],
  scenario:
    'A block is written 10.0.1.9/24, which means the whole of 10.0.1.0/24: perhaps one address was meant. Newer API servers refuse such a CIDR.',
  evidence: 'A CIDR of a NetworkPolicy or of Calico has bits set beyond its prefix.',
  fix: 'Write the network’s address, or /32 where the one address is meant.',
  *find({ policies }) {
    for (const { policy } of policies)
      for (const note of policy.notes)
        if (note.kind === 'host-bits-dropped')
          yield {
            object: policy.ref,
            path: note.path,
            message: `${note.written} means ${note.meant}.`,
            patch: `cidr: ${note.meant}`,
          };
  },
};

function hasBothFamilies({ pods }: PodGroup): boolean {
  return new Set(pods[0].addresses.map(({ family }) => family)).size === 2;
}

const OTHER: Readonly<Record<Family, Family>> = { 4: 6, 6: 4 };
const WHOLE: Readonly<Record<Family, string>> = { 4: '0.0.0.0/0', 6: '::/0' };

export const oneFamilyOnly: Check = {
  id: 'PIT-IP-6',
  title: 'One family of addresses only, for pods that have both',
  severity: 'warning',
  group: 'breadth',
  rules: ['GEN-20', 'NP-35'],
  needs: ['pods'],
  scenario:
    'Pods have an IPv4 and an IPv6 address, and the rule for the internet says 0.0.0.0/0. Over IPv6 they reach nothing.',
  evidence:
    'At least one pod of the policy has addresses of both families, a rule permits every address of one, and no rule of the policy in that direction names a block of the other or permits anybody.',
  fix: 'Add the block of the other family.',
  *find(context) {
    for (const { facts, direction, rule } of rulesThat('allow', context)) {
      const whole = rule.peers.find(({ match }) =>
        blocksOf(match).some(({ block }) => isWholeFamily(block)),
      );
      const family = whole === undefined ? undefined : blocksOf(whole.match)[0]?.block.family;
      if (whole === undefined || family === undefined) continue;
      const others = facts.policy.rules[direction].flatMap(({ peers }) => peers);
      const hasOther = others.some(
        ({ match }) =>
          match.kind === 'anyone' ||
          match.kind === 'outside' ||
          blocksOf(match).some(({ block }) => block.family === OTHER[family]),
      );
      const groups = subjectGroups(context.connectivity, facts.policy) ?? [];
      const both = hasOther ? [] : groups.filter(hasBothFamilies);
      if (both.length === 0) continue;
      const pods = podCount(both.flatMap((group) => [...group.pods]));
      yield {
        object: facts.policy.ref,
        path: whole.path,
        message: `It permits ${WHOLE[family]} and nothing of IPv${OTHER[family]}, and ${counted(pods, 'pod')} of it ${pods === 1 ? 'has' : 'have'} addresses of both families.`,
        patch: `- ipBlock: {cidr: '${WHOLE[OTHER[family]]}'}`,
      };
    }
  },
};
