// Loaded into Azurite: the end of the channel to the guard, however it came, means flush and stop. Works without signals, too.
process.once('disconnect', () => process.emit('SIGTERM') || process.exit());
