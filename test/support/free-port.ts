export { freePort } from '../../src/adapters/net/listening.js';
