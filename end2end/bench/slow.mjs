// A browser on a slower machine or a slower network than this one.

const BYTES_PER_KILOBIT = 1000 / 8;

/** As Lighthouse has them: a middling phone beside a desktop, and a mobile network at its worse. */
export const SLOW_CPU = [['Emulation.setCPUThrottlingRate', { rate: 4 }]];
export const SLOW_4G = [
  ['Network.enable', {}],
  [
    'Network.emulateNetworkConditions',
    {
      offline: false,
      latency: 150,
      downloadThroughput: 1600 * BYTES_PER_KILOBIT,
      uploadThroughput: 750 * BYTES_PER_KILOBIT,
      connectionType: 'cellular4g',
    },
  ],
];

/**
 * Makes a page slow, and each frame in it: a frame of another site is a process of its own, which is held back until it has been told.
 * `how` are commands of the browser's debugger.
 */
export async function slow(page, how) {
  if (!how.length) return;
  const session = await page.context().newCDPSession(page);
  for (const [method, params] of how) await session.send(method, params);
  session.on('Target.attachedToTarget', ({ sessionId }) => {
    [...how, ['Runtime.runIfWaitingForDebugger', {}]].forEach(([method, params], id) => {
      const message = JSON.stringify({ id, method, params });
      // Fails when the frame is gone already.
      session.send('Target.sendMessageToTarget', { sessionId, message }).catch(() => {});
    });
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: false });
}
