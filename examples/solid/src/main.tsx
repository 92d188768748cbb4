import 'referral-history';
import { render } from 'solid-js/web';
import { Console } from './Console';
import '../../console.css';

render(() => <Console />, document.getElementById('console')!);
