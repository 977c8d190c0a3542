import type { FastifyInstance } from 'fastify';

/** The requests that were not answered yet. */
export class RequestsUnderWay {
  private readonly answers = new Set<Promise<void>>();

  watch(app: FastifyInstance): void {
    app.addHook('onRequest', async (_request, reply) => {
      const answered = new Promise<void>((resolve) => reply.raw.once('close', resolve)).then(() => {
        this.answers.delete(answered);
      });
      this.answers.add(answered);
    });
  }

  /** Fulfilled when those that are under way now are answered or gone; later ones do not count. */
  async finished(): Promise<void> {
    await Promise.all(this.answers);
  }
}
