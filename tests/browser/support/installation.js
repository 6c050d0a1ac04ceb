// A provider of its own, with one person, and apps that ask for consent.

import { startProvider } from '../../relying_parties/provider.js';
import { startSampleApp } from './sample_app.js';

// Gives the provider of relying_parties/provider.js with `connectApp`, which starts a sample app and makes its
// client: `metadata` is laid over the app's own.
export async function startInstallation(options) {
  const provider = await startProvider(options);
  const apps = [];
  const connectApp = async ({ metadata, ...settings } = {}) => {
    const app = await startSampleApp(settings);
    apps.push(app);
    await app.connect(provider.issuer, await provider.createClient({ ...app.metadata, ...metadata }));
    return app;
  };
  const stop = async () => {
    await Promise.all(apps.map((app) => app.stop()));
    await provider.stop();
  };
  const createPerson = async (username) => {
    const words = ['--username', username, '--email', `${username}@example.test`, '--password-stdin'];
    await provider.command(['user', 'create', ...words], provider.person.password);
    return { ...provider.person, username };
  };
  return { ...provider, connectApp, createPerson, stop };
}
