import { mount } from 'svelte';
import './theme/tokens.css';
import './theme/base.css';
import './studio/studio.css';
import App from './studio/App.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
