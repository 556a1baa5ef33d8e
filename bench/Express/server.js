// What a Node team would write first: Express, one catch-all middleware, connections to the backend kept alive.
const http = require('http');
const express = require('express');
const { createProxyMiddleware } = require('http-proxy-middleware');

const proxy = createProxyMiddleware({
  target: process.env.BACKEND_URL,
  changeOrigin: true,
  ws: true,
  agent: new http.Agent({ keepAlive: true, maxFreeSockets: 1024 }),
});

const app = express();
app.use(proxy);
const server = app.listen(Number(process.env.PORT), '127.0.0.1', 4096);
server.keepAliveTimeout = 3600_000;
server.requestTimeout = 0;
server.on('upgrade', proxy.upgrade);
