// First, so that what the parts say of themselves wins.
import './tokens/fonts.css';
import './tokens/tokens.css';
import './tokens/base.css';

import { createClient } from '@carpenter/client';
import { createRoot } from 'react-dom/client';
import { start } from './start.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');
start(createRoot(root), createClient({ url: location.origin }));
