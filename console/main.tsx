import { render } from 'preact';
import { App } from './app.tsx';
import { receiveKeys } from './session/address.ts';
import { session } from './session/current.ts';
import { applyTheme, chosenTheme } from './shell/theme.ts';
import './style/main.css';

applyTheme(chosenTheme());
receiveKeys(session);

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
