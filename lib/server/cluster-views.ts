import type { Finding } from '#lib/findings/finding.ts';
import { explanationView } from '#lib/view/explanation-builder.ts';
import { findingsView } from '#lib/view/findings-builder.ts';
import type { FindingsQuery } from '#lib/view/findings-view.ts';
import { graphView } from '#lib/view/graph-builder.ts';
import { searchView } from '#lib/view/search-builder.ts';
import { namespacesView, workloadsView } from '#lib/view/table-builder.ts';
import { peersView, workloadView } from '#lib/view/workload-builder.ts';
import { BadRequest, NotFound } from './application.ts';
import { createLintReports, type PictureReport } from './lint-reports.ts';
import type { Picture } from './picture.ts';
import { documentText } from './policy-document.ts';
import { scrap } from './problem-document.ts';
import type { Question } from './question.ts';

/** A view that can be built, and the picture that it is of. */
export interface ViewOfPicture {
  readonly picture: Picture;
  /** Throws NotFound or BadRequest. */
  build(): object;
}

/** Which view answers which question: the one place that knows. */
export function createClusterViews(cluster: string) {
  const lintReports = createLintReports();

  /** A promise for findings alone: their report may take seconds, and be of an earlier picture. */
  return (newest: Picture, question: Question): ViewOfPicture | Promise<ViewOfPicture> => {
    const { connectivity, revision, readAt } = newest;
    const context = { cluster, revision, readAt };
    const of = (build: () => object): ViewOfPicture => ({ picture: newest, build });

    switch (question.view) {
      case 'graph':
        return of(() => {
          const view = graphView(connectivity, context, question.query);
          if (view !== null) return view;
          throw new NotFound(`There is no namespace "${question.query.namespace}".`);
        });
      case 'workload':
        return of(() => {
          const { namespace, kind, name } = question;
          const view = workloadView(connectivity, context, { kind, namespace, name });
          if (view !== null) return view;
          throw new NotFound(`There is no ${scrap(kind)} "${scrap(`${namespace}/${name}`)}".`);
        });
      case 'peers':
        return of(() => {
          const { namespace, kind, name, query } = question;
          const view = peersView(connectivity, context, { kind, namespace, name }, query);
          if (view !== null) return view;
          throw new NotFound(`There is no ${scrap(kind)} "${scrap(`${namespace}/${name}`)}".`);
        });
      case 'namespaces':
        return of(() => namespacesView(connectivity, context, question.query));
      case 'workloads':
        return of(() => {
          const view = workloadsView(connectivity, context, question.query);
          if (view !== null) return view;
          throw new NotFound(`There is no namespace "${question.query.namespace}".`);
        });
      case 'explanation':
        return of(() => {
          const { documents } = connectivity.snapshot;
          const answer = explanationView(connectivity, context, question.query, (key) => {
            const document = documents.get(key);
            return document === undefined ? null : documentText(document);
          });
          if (answer.ok) return answer.view;
          throw new BadRequest(answer.parameter, answer.message);
        });
      case 'search':
        return of(() => searchView(connectivity, question.query.query, question.query.limit));
      case 'findings':
        return lintReports(newest).then((reported) =>
          findingsOf(cluster, reported, question.query),
        );
    }
  };
}

function findingsOf(
  cluster: string,
  { report, picture, placeOf }: PictureReport,
  query: FindingsQuery,
): ViewOfPicture {
  const { revision, readAt } = picture;
  const writtenAt = (finding: Finding) => {
    const place = placeOf(finding);
    return place === null ? null : `${place.file}:${place.first}`;
  };
  const context = { cluster, revision, readAt };
  return { picture, build: () => findingsView(report, context, query, writtenAt) };
}
