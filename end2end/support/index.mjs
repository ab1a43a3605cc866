export { openBrowser, openContext, DESKTOP, PHONE } from './browser.mjs';
export { hostPages, shopPage } from './host.mjs';
export { accessible, noSidewaysScroll, shot, shots } from './look.mjs';
export { outFile } from './paths.mjs';
export { Company, isLive, PNG, signIn, Visitor } from './people.mjs';
export { picture } from './picture.mjs';
export { freePort, hasPostgres, startServer } from './server.mjs';
export { until } from './wait.mjs';
export { requests, watch } from './watch.mjs';
