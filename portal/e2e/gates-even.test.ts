import { gates } from './gates.ts';

gates(0, 2);
