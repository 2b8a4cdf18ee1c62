/** The pages that somebody reads later, one for each subject. */
import { PAGES } from './plan.ts';
import { typePages } from './type-pages.ts';

typePages(PAGES.daily, 'helm');
