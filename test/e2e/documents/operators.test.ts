/** The page of operators, who have either Helm. */
import { PAGES } from './plan.ts';
import { typePages } from './type-pages.ts';

typePages(PAGES.operators, 'helm');
typePages(PAGES.operators, 'helm3');
