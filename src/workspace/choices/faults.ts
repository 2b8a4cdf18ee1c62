/**
 * Why a text cannot be what a choice takes, or undefined. Each rule is the chart's, so that nothing is refused
 * half-way.
 */

import { LEAST_MEMORY } from '../diagnosis/words/least.ts';
import { toNumber, toSize } from '../diagnosis/words/quantity.ts';
import { isPrintable } from '../errors/printable.ts';
import { findSizeFault } from '../names.ts';
import { proposeTime, readTime, TIME_FORM, toOneUnit, UNITS } from '../sleep/time-words.ts';

/** A name of a claim or a storage class. */
export function findObjectNameFault(text: string): string | undefined {
  if (text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text)) return undefined;
  return 'a name in Kubernetes has lower-case letters, digits, dashes and dots';
}

export function findImageFault(text: string): string | undefined {
  const { repository = '', tag = '' } = matchImage(text) ?? {};
  const isRepository = /^[a-z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?(:\d+)?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$/.test(
    repository,
  );
  if (isRepository && repository.length <= 255 && /^(\w[\w.-]{0,127})?$/.test(tag)) return undefined;
  return 'an image is written NAME[:TAG][@sha256:DIGEST]';
}

/** The chart's three values of an image reference. */
export function splitImage(text: string): { repository: string; tag?: string; digest?: string } {
  const { repository = '', tag, digest } = matchImage(text) ?? {};
  return { repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function matchImage(text: string) {
  // A colon before the last slash is that of a port.
  return /^(?<repository>(?:[^\s/:@]+(?::\d+)?\/)?[^\s:@]+)(?::(?<tag>[^\s:@]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/.exec(
    text,
  )?.groups;
}

/** It may be written in any way that Kubernetes reads; less than a thousandth of a core is nothing to it. */
export function findCpuFault(text: string): string | undefined {
  if ((toNumber(text) ?? 0) >= 0.001) return undefined;
  return 'an amount is a number of cores, or thousandths with m';
}

/** The server would be ended at its start, and with it what runs in the workspace now. */
export function findMemoryFault(text: string): string | undefined {
  const fault = findSizeFault(text);
  if (fault !== undefined || (toNumber(text) ?? 0) >= LEAST_MEMORY) return fault;
  return `it is less than ${toSize(LEAST_MEMORY)}: the server alone needs about 60Mi`;
}

export function findFolderFault(text: string): string | undefined {
  const parts = text.split('/');
  if (isPrintable(text) && text.length <= 1024 && !parts.includes('..') && !parts.includes('')) return undefined;
  return 'it is relative, without "..", empty parts and control characters';
}

export function findNodeLabelFault(text: string): string | undefined {
  if (text === '') return undefined;
  const at = text.indexOf('=');
  if (at <= 0) return 'it is written KEY=VALUE';
  const [key, value] = splitNodeLabel(text);
  const isKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(key);
  const isValue = value.length <= 63 && /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(value);
  return isKey && isValue
    ? undefined
    : 'a label has letters, digits, dashes, dots and _, and its key may have a prefix';
}

export function splitNodeLabel(text: string): [key: string, value: string] {
  const at = text.indexOf('=');
  return at < 0 ? ['', ''] : [text.slice(0, at), text.slice(at + 1)];
}

export interface Toleration {
  key: string;
  operator: 'Equal' | 'Exists';
  value?: string;
  effect?: string;
}

const TOLERATION = /^(?<key>[^=:\s]+)(?:=(?<value>[^:\s]*))?(?::(?<effect>NoSchedule|PreferNoSchedule|NoExecute))?$/;

export function findTolerationFault(text: string): string | undefined {
  if (TOLERATION.test(text) && isPrintable(text)) return undefined;
  return 'it is written KEY[=VALUE][:EFFECT], with the effect NoSchedule, PreferNoSchedule or NoExecute';
}

/** kubectl's notation of a taint. */
export function readToleration(text: string): Toleration {
  const { key = '', value, effect } = TOLERATION.exec(text)?.groups ?? {};
  return {
    key,
    operator: value === undefined ? 'Exists' : 'Equal',
    ...(value === undefined ? {} : { value }),
    ...(effect === undefined ? {} : { effect }),
  };
}

export function writeToleration({ key, value, effect }: Toleration): string {
  return `${key}${value === undefined ? '' : `=${value}`}${effect === undefined ? '' : `:${effect}`}`;
}

/** A time that the chart's form of one (`chart/templates/_forms.tpl`) can say, and `none`. */
export function findSpanFault(text: string): string | undefined {
  if (text === 'none') return undefined;
  const ms = readTime(text);
  if (ms === undefined) return TIME_FORM;
  if (ms < UNITS.m) return 'it is shorter than a minute';
  return /^\d{1,6}[smh]$/.test(toOneUnit(text)) ? undefined : 'it is too long';
}

/** What was meant by a text that names a unit: a number alone may mean hours as well as minutes. */
export function proposeSpan(text: string): string | undefined {
  const proposal = /[a-z]/i.test(text) ? proposeTime(text) : undefined;
  return proposal !== undefined && findSpanFault(proposal) === undefined ? proposal : undefined;
}
