'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { formatPorts } from '#lib/model/port-set.ts';
import type { ExplanationPart, ExplanationView } from '#lib/view/explanation-view.ts';
import { AnswerParts } from './answer-parts.tsx';
import { ConnectionPath } from './connection-path.tsx';
import { ConnectionSide } from './connection-side.tsx';
import { namedParts } from './part-choice.ts';
import { openPortWords, portWords } from './reason-text.ts';

/** What stands over the way between the gates: the port asked for, or those that are open. */
function wayWords({ port, answer }: ExplanationPart): string {
  if (port !== null) return portWords(port);
  return answer.verdict === 'allowed' ? openPortWords(formatPorts(answer.ports.allowed)) : '';
}

/** The parts of an answer; one of them drawn, with both its sides. `?part=` names it. */
export function ExplanationBody({ view }: { readonly view: ExplanationView }) {
  const [asked, setPart] = useQueryState('part', parseAsString.withOptions({ history: 'push' }));
  const parts = useMemo(() => namedParts(view.parts), [view]);
  // Parts come and go with the cluster: for one that is gone the first is shown.
  const chosen = parts.find(({ name }) => name === asked) ?? parts[0];
  if (chosen === undefined) return null;
  const { from, to, port, answer } = chosen.part;
  return (
    <>
      {parts.length > 1 && (
        <AnswerParts
          parts={parts}
          chosen={chosen.name}
          onChoose={(name) => void setPart(name === parts[0]?.name ? null : name)}
        />
      )}
      <ConnectionPath from={from} to={to} port={wayWords(chosen.part)} answer={answer} />
      <div className="grid items-start gap-x-6 gap-y-8 lg:grid-cols-2">
        <ConnectionSide
          side={answer.egress}
          subject={from}
          peer={to}
          port={port}
          documents={view.documents}
        />
        <ConnectionSide
          side={answer.ingress}
          subject={to}
          peer={from}
          port={port}
          documents={view.documents}
        />
      </div>
    </>
  );
}
