import { render } from 'preact';
import { App } from './app.tsx';
import { takeKeyFromAddress } from './session/link.ts';
import { session } from './session/current.ts';
import { keyCredential } from './session/session.ts';
import { applyTheme, chosenTheme } from './shell/theme.ts';
import './style/main.css';

applyTheme(chosenTheme());
const key = takeKeyFromAddress();
if (key !== undefined) session.signIn(keyCredential(key));

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
