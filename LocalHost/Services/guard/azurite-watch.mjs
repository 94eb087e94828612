// Loaded into Azurite: the end of the channel to the guard, however it came, means flush and stop. Works without signals, too.
const stop = () => process.emit('SIGTERM') || process.exit();
process.once('disconnect', stop);
if (!process.connected) stop(); // It ended before this was loaded.
