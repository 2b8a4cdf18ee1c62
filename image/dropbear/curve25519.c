/*
 * Computes Dropbear's Curve25519 and Ed25519 (src/curve25519.h) with Nettle. Dropbear's own code is written to be
 * small. It takes seven milliseconds of each login; Nettle takes a third of a millisecond.
 */
#include "includes.h"

#include <nettle/curve25519.h>
#include <nettle/eddsa.h>

#include "curve25519.h"
#include "dbrandom.h"

#if DROPBEAR_CURVE25519_DEP || DROPBEAR_ED25519

void dropbear_curve25519_scalarmult(unsigned char *q, const unsigned char *n, const unsigned char *p) {
	curve25519_mul(q, n, p);
}

#if DROPBEAR_ED25519

void dropbear_ed25519_make_key(unsigned char *pk, unsigned char *sk) {
	genrandom(sk, ED25519_KEY_SIZE);
	ed25519_sha512_public_key(pk, sk);
}

void dropbear_ed25519_sign(const unsigned char *m, unsigned long mlen,
			unsigned char *s, unsigned long *slen,
			const unsigned char *sk, const unsigned char *pk) {
	ed25519_sha512_sign(pk, sk, mlen, m, s);
	*slen = ED25519_SIGNATURE_SIZE;
}

/* 0 for a good signature. */
int dropbear_ed25519_verify(const unsigned char *m, unsigned long mlen,
			const unsigned char *s, unsigned long slen,
			const unsigned char *pk) {
	if (slen != ED25519_SIGNATURE_SIZE) {
		return -1;
	}
	return ed25519_sha512_verify(pk, mlen, m, s) ? 0 : -1;
}

#endif /* DROPBEAR_ED25519 */

#endif /* DROPBEAR_CURVE25519_DEP || DROPBEAR_ED25519 */
