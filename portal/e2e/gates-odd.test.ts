import { gates } from './gates.ts';

gates(1, 2);
