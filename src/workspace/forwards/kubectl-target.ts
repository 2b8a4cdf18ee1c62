/** What kubectl port-forward names first: a kind and a name. A forward of ours goes through a workspace. */
import { failure, type WorkspaceError } from '../errors/errors.ts';
import { toQuoted } from '../errors/printable.ts';
import { type Command, ws } from '../errors/suggestion.ts';

const SERVICE = /^(?:svc|services?)\/(?<name>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/;
const OTHER =
  /^(?:po|pods?|deploy|deployments?|rs|replicasets?|sts|statefulsets?|ds|daemonsets?)\/(?<name>[a-z0-9.-]+)$/;

/** The error for words with such a name among them, with the line that says it here; undefined where there is none. */
export function findKubectlTarget(words: readonly string[]): WorkspaceError | undefined {
  for (const word of words) {
    const service = SERVICE.exec(word)?.groups?.['name'];
    if (service !== undefined) return toFault(word, words, service);
    if (OTHER.test(word)) return toFault(word, words, undefined);
  }
  return undefined;
}

function toFault(word: string, words: readonly string[], service: string | undefined): WorkspaceError {
  const others = words.filter((one) => one !== word);
  // The chart calls a workspace's own objects so.
  const own = /\/ws-(?<name>[a-z0-9-]+?)(?:-[a-f0-9]{6,10}-[a-z0-9]{5})?$/.exec(word)?.groups?.['name'];
  const ports = others.filter((one) => /^\d+(?::\d+)?$/.test(one));
  const shown = ports.length === 0 ? ['3000'] : ports;
  // It names all that is forwarded: whatever was typed gives way.
  const toLine = (texts: string[]): Command => ({
    program: 'ws',
    words: ['forward', ...texts],
  });
  const through = service === undefined ? [] : [toLine(shown.map((port) => toForward(port, service)))];
  const suggestions = [...(own === undefined ? through : [{ ...toLine(shown), workspace: own }]), ws`forward --help`];
  return failure('BAD_MAPPING', {
    message: `${toQuoted(word)} is a name for kubectl, not a forward`,
    reason:
      service === undefined
        ? 'ws forward reaches the ports of a workspace, and what it reaches by a host name; a pod has none'
        : "ws forward goes through a workspace, which reaches a Service by the Service's name",
    suggestions,
  });
}

/** `8080:80` is here and there; a port alone is both. */
function toForward(port: string, service: string): string {
  const [here = '', there = here] = port.split(':');
  return `${here}:${service}:${there}`;
}
