import type { ExplanationNote, ExplanationView } from '#lib/view/explanation-view.ts';
import { code, listed, type Sentence, sentence } from './sentence.ts';

/** What happens to a connection on its way, before policies see it or beside them. */

/** How a Service's address and port were translated before policies were asked (GEN-7). */
export function serviceSentence(service: NonNullable<ExplanationView['service']>): Sentence {
  const name = code(`${service.namespace}/${service.name}`);
  if (service.hostNames.length > 0)
    return sentence`Service ${name} leads to ${listed(service.hostNames.map(code))}: which addresses that is, only a name server knows, so policies may decide either way.`;
  // A headless Service leads to its pods by name only (GEN-9).
  if (service.targets === 'unchanged')
    return sentence`Service ${name} is headless: its name leads to the pods, and ports stay as they are.`;
  return sentence`Service ${name} sends ${service.port} to port ${service.targets} of its pods; policies see the pods, never the Service.`;
}

/** What the cluster's routing has to do with the answer. */
export function routingSentence(note: ExplanationNote): Sentence {
  switch (note.kind) {
    case 'source-address':
      return note.trafficPolicy === 'Local'
        ? sentence`${code('externalTrafficPolicy: Local')} keeps the client's address, which is what policies see; only pods on the node that the connection comes to are used.`
        : sentence`${code('externalTrafficPolicy: Cluster')} may replace the client's address by that of the node that the connection comes to. ${note.nodes === 'answered' ? 'Both are answered here: the client itself, and each node for it.' : 'What the nodes may do is left open: they were not read, or are too many.'}`;
    case 'no-way-in':
      return sentence`This Service has no address outside the cluster: the answer is what policies would say.`;
    case 'egress-before-translation':
      return sentence`This network plugin checks egress before the Service is translated: a rule of the source has to list the port of the Service, and one without a selector is its address alone.`;
    case 'same-node-backends':
      return sentence`${code('internalTrafficPolicy: Local')} leads pods to the backends on their own node alone; with none there, nothing answers, whatever policies say.`;
    case 'control-plane-source':
      return sentence`The API server is taken to come from the addresses that it is reached at. On a managed control plane it may come through a tunnel, or from others.`;
    case 'dns-cache':
      return sentence`Each node has a cache at ${code('169.254.20.10')} that pods ask instead of the name servers. It shares its node's network, so rules that name DNS pods do not permit it. Both are answered here.`;
  }
}
