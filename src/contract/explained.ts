/**
 * A sentence for whoever gave a wrong value, Secret or volume: it says what is wrong with that, so a stack would only
 * repeat it. Any other error that ends the server is a mistake of ours.
 */
export class Explained extends Error {}
