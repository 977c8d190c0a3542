import type { Server } from 'node:http';

/** Puts a library that broadcasts what each member publishes to all members, the sender too, on an HTTP server. */
export type MountPeer = (http: Server) => Promise<void>;
