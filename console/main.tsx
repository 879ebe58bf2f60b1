import { render } from 'preact';
import { App } from './app.tsx';
import { Loading } from './parts/states.tsx';
import { receiveKeys } from './session/address.ts';
import { finishSignIn, isResuming, isReturning, resumeSignIn } from './session/finish-sign-in.ts';
import { session } from './session/current.ts';
import { applyTheme, chosenTheme } from './shell/theme.ts';
import './style/main.css';

applyTheme(chosenTheme());
const offerKeys = receiveKeys();

const root = document.getElementById('app');
if (root !== null) {
  if (isReturning()) {
    render(<Loading what="your sign-in" />, root);
    await finishSignIn(session);
  }
  if (isResuming(session)) await resumeSignIn(session);
  offerKeys(session);
  render(<App />, root);
}
