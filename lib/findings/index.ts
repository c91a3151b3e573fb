import { denyHitsPods } from './breadth/admin-networks.ts';
import { clientsBehindNodes } from './breadth/client-addresses.ts';
import { acrossEnvironments } from './breadth/environments.ts';
import { exceptionUndone } from './breadth/excepted-ranges.ts';
import { metadataReachable } from './breadth/metadata-service.ts';
import { hostBits, oneFamilyOnly } from './breadth/notation.ts';
import { blockHoldsPods, blockHoldsServices, blockIsOnePod } from './breadth/own-addresses.ts';
import { allowsEverybody, openToInternet } from './breadth/wide-ingress.ts';
import type { Check } from './check.ts';
import { apiServerUnreachable } from './direction/api-server-egress.ts';
import { calicoWithoutTypes } from './direction/calico-types.ts';
import {
  ciliumEmptyRule,
  ciliumWithoutEntries,
  defaultDenyWithoutEntries,
  notDefaultDeny,
} from './direction/cilium.ts';
import {
  dnsBlocked,
  dnsOnlyOverUdp,
  dnsWithoutProtocol,
  nodeCacheNotCovered,
} from './direction/dns.ts';
import { ingressControllerBlocked } from './direction/ingress-controller.ts';
import { monitoringBlocked } from './direction/monitoring.ts';
import { openForEgress, openForIngress } from './direction/no-default-deny.ts';
import { controlPlaneBlocked } from './direction/not-read.ts';
import { oneEndOnly } from './direction/one-end-only.ts';
import {
  egressPolicyClosesIngress,
  emptyEgressDoesNotIsolate,
  rulesOfUnlistedDirection,
} from './direction/policy-types.ts';
import { nodesWithoutEngine } from './enforcement/nodes-without-engine.ts';
import {
  auditMode,
  enforcementUnknown,
  kindNotEnforced,
  notEnforcedAtAll,
  twoEngines,
} from './enforcement/nothing-enforced.ts';
import {
  endPortUnsupported,
  fieldOfAnotherVersion,
  namedPortWidened,
  sctpUnsupported,
} from './enforcement/plugin-limits.ts';

import {
  deprecatedVersion,
  editableByMany,
  notLoaded,
  shortNameClash,
  twins,
} from './hygiene/objects.ts';

import { barePodOnAws, hostPort } from './hygiene/pods.ts';
import { systemNamespaceClosed } from './hygiene/system-namespaces.ts';
import { baselineNeverReached } from './interaction/baseline.ts';
import { stagedOnly, tierMissing } from './interaction/calico.ts';
import { adminDenyCancels, calicoDenyCancels, endOfTier } from './interaction/cancelled-allows.ts';
import { denyOverridesAllow } from './interaction/cilium-deny.ts';
import {
  cidrGroupMissing,
  servicesWithoutPorts,
  worldBehindNodes,
} from './interaction/cilium-references.ts';
import { defaultDenyUndone } from './interaction/default-deny-undone.ts';
import { nameOfCluster, namesNeverLearnt } from './interaction/domain-names.ts';
import { equalPriority } from './interaction/equal-priority.ts';
import {
  egressFirewall,
  flowContradicts,
  meshContradicts,
  selfAccess,
  separateNetworks,
  unusedAllow,
} from './interaction/not-read.ts';
import { redundant } from './interaction/redundant.ts';
import { shadowed } from './interaction/shadowed.ts';
import { ambientMeshTunnel } from './ports/ambient-mesh.ts';
import { icmpExpectation } from './ports/icmp-expectation.ts';
import {
  namedPortExposedBySome,
  namedPortNobodyExposes,
  namedPortOfInitContainer,
  portNameIsAmbiguous,
} from './ports/named-ports.ts';
import {
  awsPortTranslation,
  emptyPortIsTcp,
  portNotDeclared,
  quotedNumber,
  servicePortForTargetPort,
  widePortRange,
} from './ports/numbers.ts';
import { requestRuleBypassed } from './ports/request-rules.ts';
import { andOrConfusion } from './selection/and-or.ts';
import { calicoNotSelector } from './selection/calico.ts';
import { calicoSelectsHosts } from './selection/calico-hosts.ts';
import { ciliumForeignNamespace, labelCiliumIgnores } from './selection/cilium.ts';
import { hostNetworkInProtected } from './selection/host-network.ts';
import { labelDrift } from './selection/label-drift.ts';
import { mutableNamespaceLabel } from './selection/mutable-namespace-label.ts';
import { negationAdmitsUnlabelled } from './selection/negated-selectors.ts';
import {
  peerInAnotherNamespace,
  peerMatchesNothing,
  peerNamespaceMissing,
} from './selection/peers-that-match-nothing.ts';
import { selectsNoPods, selectsOnlyUnheldPods } from './selection/selects-no-pods.ts';

/**
 * Every check, one line each.
 *
 * To add one: write it in the folder of its group, with the family it belongs to, as a `Check`
 * (check.ts). `find` yields what it found from the context that all checks share; it asks policies
 * through policy-facts.ts and pods-by-labels.ts, the engine through its public functions, and says
 * nothing where the answer is not sure. List in `needs` what must have been read completely. Then a
 * line here, and beside the check a test whose names begin with the id: one scenario that has the
 * mistake, and one that nearly has it (lib/testing/findings.ts). docs/findings.md is made from this
 * list by `npm run docs:findings`; a test holds it in step.
 */
export const CHECKS: readonly Check[] = [
  notEnforcedAtAll,
  enforcementUnknown,
  auditMode,
  kindNotEnforced,
  endPortUnsupported,
  sctpUnsupported,
  twoEngines,
  nodesWithoutEngine,
  namedPortWidened,
  fieldOfAnotherVersion,
  selectsNoPods,
  selectsOnlyUnheldPods,
  hostNetworkInProtected,
  peerMatchesNothing,
  peerNamespaceMissing,
  andOrConfusion,
  peerInAnotherNamespace,
  negationAdmitsUnlabelled,
  mutableNamespaceLabel,
  labelDrift,
  labelCiliumIgnores,
  ciliumForeignNamespace,
  calicoNotSelector,
  calicoSelectsHosts,
  openForIngress,
  openForEgress,
  egressPolicyClosesIngress,
  emptyEgressDoesNotIsolate,
  rulesOfUnlistedDirection,
  oneEndOnly,
  dnsBlocked,
  dnsOnlyOverUdp,
  nodeCacheNotCovered,
  dnsWithoutProtocol,
  ciliumEmptyRule,
  ciliumWithoutEntries,
  defaultDenyWithoutEntries,
  notDefaultDeny,
  calicoWithoutTypes,
  controlPlaneBlocked,
  apiServerUnreachable,
  ingressControllerBlocked,
  monitoringBlocked,
  namedPortNobodyExposes,
  namedPortExposedBySome,
  portNotDeclared,
  servicePortForTargetPort,
  awsPortTranslation,
  emptyPortIsTcp,
  portNameIsAmbiguous,
  namedPortOfInitContainer,
  widePortRange,
  quotedNumber,
  ambientMeshTunnel,
  icmpExpectation,
  requestRuleBypassed,
  allowsEverybody,
  openToInternet,
  metadataReachable,
  acrossEnvironments,
  blockHoldsPods,
  blockIsOnePod,
  blockHoldsServices,
  exceptionUndone,
  hostBits,
  oneFamilyOnly,
  denyHitsPods,
  clientsBehindNodes,
  redundant,
  shadowed,
  defaultDenyUndone,
  equalPriority,
  baselineNeverReached,
  adminDenyCancels,
  calicoDenyCancels,
  endOfTier,
  stagedOnly,
  tierMissing,
  denyOverridesAllow,
  namesNeverLearnt,
  nameOfCluster,
  servicesWithoutPorts,
  cidrGroupMissing,
  worldBehindNodes,
  egressFirewall,
  separateNetworks,
  meshContradicts,
  selfAccess,
  unusedAllow,
  flowContradicts,
  editableByMany,
  shortNameClash,
  deprecatedVersion,
  notLoaded,
  systemNamespaceClosed,
  hostPort,
  barePodOnAws,
  twins,
];
