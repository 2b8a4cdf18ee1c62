/** The pages that somebody reads first. */
import { PAGES } from './plan.ts';
import { typePages } from './type-pages.ts';

typePages(PAGES.first, 'helm');
