/** The examples of the commands' own help. */
import { PAGES } from './plan.ts';
import { typePages } from './type-pages.ts';

typePages(PAGES.reference, 'helm');
