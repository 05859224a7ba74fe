import { render } from 'preact';
import { App } from './app';
import { codeOf } from './client/session';
import { start } from './rpc';
import { startSettings } from './settings';
import './style.css';

startSettings();
void start();
addEventListener('hashchange', () => {
  if (codeOf(location.hash) !== undefined) void start();
});
render(<App />, document.getElementById('app')!);
