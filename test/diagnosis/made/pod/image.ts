/** The node cannot get the image, or it is no workspace's. */
import { pick, type Scenario } from '../../stage/scenario.ts';

/** What they ask of the registry of the test. */
export function listImageCauses(registry: () => string): Scenario[] {
  return [
    {
      code: 'IMAGE_HOST',
      how: 'a host without an address',
      make(stage, n) {
        const host = pick(['registry.corp.invalid', 'ghrc.invalid', 'images.invalid:5000'], n);
        return { words: stage.up('--image', `${host}/team/ws:${n}`), evidence: [host], mend: 'ready', status: true };
      },
    },
    {
      code: 'IMAGE_UNREACHABLE',
      how: 'nothing listens there',
      make(stage, n) {
        const host = `127.0.0.1:${n}`;
        return { words: stage.up('--image', `${host}/ws:1`), evidence: [host, /refused/], mend: 'ready', status: true };
      },
    },
    {
      code: 'IMAGE_TAG',
      how: 'no such repository or tag',
      make(stage, n) {
        const image = `${registry()}/${pick(['nothing/ws', 'team/ws-workspaces', 'ws'], n)}:v${n}`;
        return { words: stage.up('--image', image), evidence: [image], mend: 'ready', status: true };
      },
    },
    {
      code: 'IMAGE_DENIED',
      how: 'the registry wants to know who asks',
      make(stage, n) {
        const image = `${registry()}/${pick(['basic', 'denied'], n)}/ws:${n}`;
        return { words: stage.up('--image', image), evidence: [registry()], status: true };
      },
    },
    {
      code: 'IMAGE_SECRET',
      how: 'its pull secret is not there, and the registry wants one',
      make(stage, n) {
        const name = `${pick(['regcred', 'pull', 'corp'], n)}-${n}`;
        const image = { repository: `${registry()}/basic/ws`, tag: String(n) };
        return { words: stage.upWith({ image, imagePullSecrets: [{ name }] }), evidence: [name], status: true };
      },
    },
    {
      code: 'IMAGE_BUSY',
      how: 'the registry has had too many requests',
      make(stage, n) {
        const image = `${registry()}/busy/ws:${n}`;
        return {
          words: stage.up('--image', image),
          evidence: [registry(), /429|Too Many/i],
          mend: 'ready',
          status: true,
        };
      },
    },
    {
      code: 'IMAGE_PLATFORM',
      how: 'it is built for another kind of machine',
      make(stage, n) {
        const image = `${registry()}/other/ws:${n}`;
        return { words: stage.up('--image', image), evidence: [image], mend: 'ready', status: true };
      },
    },
    {
      code: 'IMAGE_ABSENT',
      how: 'it must not be pulled, and the node has none',
      make(stage, n) {
        const image = { repository: 'ws-workspace', tag: `9.${n}.0`, pullPolicy: 'Never' };
        return { words: stage.upWith({ image }), evidence: [`ws-workspace:9.${n}.0`], mend: 'ready', status: true };
      },
    },
    {
      code: 'IMAGE_NAME',
      how: 'no image can have this name',
      make(stage, n) {
        const image = { repository: pick(['a..b/ws-workspace', 'team..x/ws-workspace', 'my..images'], n), tag: '1' };
        const made = { words: stage.upWith({ image }), evidence: [image.repository], status: true };
        // Nothing that a node has resembles the third one.
        return n % 3 === 0 ? made : { ...made, mend: 'ready' };
      },
    },
    {
      code: 'IMAGE_FOREIGN',
      how: 'an image without the server',
      make(stage, n) {
        const image = `${registry()}/tiny/${pick(['nginx', 'base', 'tools'], n)}:${n}`;
        return { words: stage.up('--image', image), evidence: [image], status: true };
      },
    },
    {
      code: 'IMAGE_FOREIGN',
      how: 'an image whose program ends at once',
      make(stage) {
        return {
          words: stage.up('--image', 'localhost/shell:1'),
          evidence: ['localhost/shell:1'],
          status: true,
        };
      },
    },
  ];
}
