// Gives a plain Node child the process.parentPort of an Electron utility process, over Node's own channel.
process.parentPort = {
  postMessage: (message) => process.send(message),
  on: (_event, listener) => process.on('message', (data) => listener({ data })),
};
