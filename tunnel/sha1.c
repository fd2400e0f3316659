/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SHA-1 and its HMAC. */
#include "sha1.h"

#include <string.h>

#define BLOCK 64u

struct state {
	uint32_t h[5];
	uint8_t block[BLOCK];
	uint64_t n;		/* bytes so far */
};

static uint32_t
rotate(uint32_t x, unsigned int by)
{
	return x << by | x >> (32 - by);
}

static void
take_block(struct state *s)
{
	static const uint32_t k[4] = {
		0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6,
	};
	uint32_t w[80], v[5];

	for (unsigned int i = 0; i < 16; i++) {
		const uint8_t *p = s->block + 4 * i;

		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		    (uint32_t)p[2] << 8 | p[3];
	}
	for (unsigned int i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	memcpy(v, s->h, sizeof(v));
	for (unsigned int i = 0; i < 80; i++) {
		uint32_t f, t;

		if (i < 20)
			f = (v[1] & v[2]) | (~v[1] & v[3]);
		else if (i >= 40 && i < 60)
			f = (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3]);
		else
			f = v[1] ^ v[2] ^ v[3];
		t = rotate(v[0], 5) + f + v[4] + k[i / 20] + w[i];
		v[4] = v[3];
		v[3] = v[2];
		v[2] = rotate(v[1], 30);
		v[1] = v[0];
		v[0] = t;
	}
	for (unsigned int i = 0; i < 5; i++)
		s->h[i] += v[i];
}

static void
start(struct state *s)
{
	static const uint32_t h[5] = {
		0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0,
	};

	memcpy(s->h, h, sizeof(h));
	s->n = 0;
}

static void
add(struct state *s, const void *data, size_t n)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i++) {
		s->block[s->n++ % BLOCK] = p[i];
		if (s->n % BLOCK == 0)
			take_block(s);
	}
}

static void
finish(struct state *s, uint8_t *out)
{
	static const uint8_t one = 0x80, zero = 0;
	uint64_t bits = s->n * 8;
	uint8_t length[8];

	for (unsigned int i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	add(s, &one, 1);
	while (s->n % BLOCK != BLOCK - 8)
		add(s, &zero, 1);
	add(s, length, 8);
	for (unsigned int i = 0; i < SHA1_SIZE; i++)
		out[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

void
sha1(const void *data, size_t n, uint8_t *out)
{
	struct state s;

	start(&s);
	add(&s, data, n);
	finish(&s, out);
}

void
sha1_hmac(const void *key, size_t key_n, const void *data, size_t n,
    uint8_t *out)
{
	uint8_t pad[BLOCK], inner[SHA1_SIZE];
	struct state s;

	memset(pad, 0, sizeof(pad));
	memcpy(pad, key, key_n < BLOCK ? key_n : BLOCK);
	for (unsigned int i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36;
	start(&s);
	add(&s, pad, BLOCK);
	add(&s, data, n);
	finish(&s, inner);
	for (unsigned int i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	start(&s);
	add(&s, pad, BLOCK);
	add(&s, inner, sizeof(inner));
	finish(&s, out);
}
