/** The error codes that this host tells apart: 2300000 plus the code of curl. */
export const HttpCode = {
  Scheme: 2300001,
  Url: 2300003,
  Resolve: 2300006,
  Connect: 2300007,
  BadAnswer: 2300008,
  Http2: 2300016,
  Partial: 2300018,
  /** Of a request that destroy() cut and of an answer over the limit: both stop curl's write callback. */
  Cut: 2300023,
  Timeout: 2300028,
  Redirects: 2300047,
  Nothing: 2300052,
  Send: 2300055,
  Receive: 2300056,
  Certificate: 2300060,
  CaFile: 2300077,
  /** Whatever curl has and the kit has not, such as a key that matches no pin. */
  Unknown: 2300999,
} as const;
