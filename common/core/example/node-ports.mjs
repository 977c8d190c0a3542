/** Node's clock, chance, log and network, for the examples. */
export const ports = {
  clock: {
    nowMs: () => Date.now(),
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  },
  random: { next: () => Math.random(), uuid: () => crypto.randomUUID() },
  logger: { log() {} },
  network: { isOnline: () => true, onChange: () => () => {} },
};
