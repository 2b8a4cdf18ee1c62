/** No node takes the pod. */
import { kubectl, type Suggestion, ws } from '../../errors/suggestion.ts';
import type { FindTrouble } from '../trouble.ts';

/** The scheduler's words and what helps. The first match counts. */
const ADVICE: [words: RegExp, suggestion: Suggestion][] = [
  [
    /Insufficient (cpu|memory|ephemeral-storage)/,
    { ...ws`up --cpu 500m --memory 1Gi`, note: 'asks for less; or wait for a node' },
  ],
  [/untolerated taint/, ws`up --toleration KEY=VALUE:NoSchedule`],
  [
    /node affinity|node selector/,
    { ...ws`up --node-selector KEY=VALUE`, again: { without: ['node-selector'] }, note: 'or a home on another volume' },
  ],
  [/(?:)/, { ...kubectl`get nodes`, note: 'shows what there is' }],
];

export const findSchedulingTrouble: FindTrouble = ({ unschedulable, node }) => {
  if (unschedulable === undefined || node !== undefined) return undefined;
  return {
    reason: 'Unschedulable',
    message: `No node takes the pod: ${unschedulable}`,
    nature: 'passing',
    suggestion: ADVICE.find(([words]) => words.test(unschedulable))?.[1],
  };
};
