/**
 * The image's name without a tag. It has no registry host on purpose: `docker.io/library` is closed to strangers, so
 * nobody can publish under a default that a user has not built or pushed.
 */
export const IMAGE_NAME = 'ws-workspace';
