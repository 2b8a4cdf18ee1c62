/** An admission webhook of the test's own, which the API server asks over HTTPS. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { findNodeFacingAddress } from './addresses.ts';
import { makeCertificate } from './certificates.ts';
import type { DiagnosisStage, KubeObject } from './stage.ts';

/** Refuses every pod with the sentence; what the API server needs to know to ask it. */
export async function startRefusingWebhook(stage: DiagnosisStage, sentence: string): Promise<object> {
  const address = await findNodeFacingAddress(stage);
  const { key, cert } = await makeCertificate(path.join(stage.person.home, 'webhook'), [`IP:${address}`]);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const { uid } = (JSON.parse(text) as { request: { uid: string } }).request;
      const answer = { uid, allowed: false, status: { code: 403, message: sentence } };
      const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(review));
    });
  });
  // The API server uses a connection again for as long as it likes.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  stage.defer(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `https://${address}:${port}/`, caBundle: readFileSync(cert).toString('base64') };
}

/** Asks about pods of the stage's namespace, and of no other. */
export function toWebhook(stage: DiagnosisStage, name: string, clientConfig: object): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name,
        clientConfig,
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': stage.namespace } },
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        timeoutSeconds: 5,
      },
    ],
  };
}
