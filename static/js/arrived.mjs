// Tells the other tabs that somebody signed in here.

if ("BroadcastChannel" in self) {
  const channel = new BroadcastChannel("tessera");
  channel.postMessage("signed-in");
  channel.close();
}
